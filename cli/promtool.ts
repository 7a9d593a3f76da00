import { findTools } from '../infra/local/toolchain/toolchain.ts';
import { progressView } from './progress.ts';

/** Path of the real promtool; shows progress while it has to be got. */
export async function findPromtool(signal: AbortSignal): Promise<string> {
  const progress = progressView(process.stderr);
  try {
    const tools = findTools(['promtool'], { onProgress: progress.update, signal });
    const found = await tools.get('promtool');
    if (!found) throw new Error('the toolchain does not know promtool');
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
