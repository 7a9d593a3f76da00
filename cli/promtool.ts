import { findTools } from '../infra/local/toolchain/toolchain.ts';
import type { ToolName } from '../infra/versions.ts';
import { progressView } from './progress.ts';

export const findPromtool = (signal: AbortSignal): Promise<string> => findTool('promtool', signal);

/** Path of the real tool; shows progress while it has to be got. */
export async function findTool(name: ToolName, signal: AbortSignal): Promise<string> {
  const progress = progressView(process.stderr);
  try {
    const tools = findTools([name], { onProgress: progress.update, signal });
    const found = await tools.get(name);
    if (!found) throw new Error(`the toolchain does not know ${name}`);
    return found.path;
  } finally {
    progress.finish();
  }
}

/** How often a count is said again where a line cannot be written over. */
const plainEveryMs = 10_000;

/** One line on a terminal, written over as the count changes; elsewhere a new one every ten seconds. */
export function countOn(output: NodeJS.WriteStream) {
  let said = performance.now();
  return {
    update(text: string): void {
      if (output.isTTY) output.write(`\r\u001b[2K  ${text}`);
      else if (performance.now() - said >= plainEveryMs) {
        said = performance.now();
        output.write(`  ${text}\n`);
      }
    },
    finish(): void {
      if (output.isTTY) output.write('\r\u001b[2K');
    },
  };
}
