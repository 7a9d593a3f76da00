import { Command } from 'commander';
import { recipes } from '../../infra/local/toolchain/recipes.ts';
import { findTools, locateTool } from '../../infra/local/toolchain/toolchain.ts';
import { acceptedRange } from '../../infra/local/toolchain/version-match.ts';
import { type ToolName, toolNames, verificationTools } from '../../infra/versions.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import { progressView } from '../progress.ts';

/** The stack is whole without these; asked for by name, they count like any other. */
const optionalTools: readonly ToolName[] = ['grafana', 'blackbox_exporter', 'jaeger'];
const allTools: readonly ToolName[] = toolNames.filter(
  (tool) => !verificationTools.some((rare) => rare === tool),
);

/** `toolchain list` and `toolchain get`: where the real binaries come from. */
export function toolchainCommand(): Command {
  const command = new Command('toolchain').description(
    'the real Prometheus, Alertmanager, Loki, Promtail and their tools: where they are, and getting them',
  );
  command
    .command('list')
    .description('say where each tool is, or would come from, without installing anything')
    .option('--json', 'as JSON, one object a tool')
    .addHelpText('after', '\nExamples:\n  npm run toolchain -- list\n  npm run toolchain -- list --json')
    .action(async (options: { json?: boolean }) => list(options.json === true));
  command
    .command('get')
    .description(
      'get the tools that are missing: release, else Go build (all that the stack uses when none is named)',
    )
    .argument('[names...]', toolNames.join(', '))
    .addHelpText(
      'after',
      '\nExamples:\n  npm run toolchain -- get\n  npm run toolchain -- get promtool logcli',
    )
    .action(async (names: readonly string[]) => get(names));
  command.addHelpText(
    'after',
    `
Looked for in this order: PATH, the cache (\${XDG_CACHE_HOME:-~/.cache}/sightline/tools), the official release
(checksum verified; another base URL by SIGHTLINE_RELEASES_URL), a build from the Go module.

Examples:
  npm run toolchain -- list
  npm run toolchain -- get loki promtail`,
  );
  return command;
}

async function list(json: boolean): Promise<void> {
  const rows = await Promise.all(
    toolNames.map(async (tool) => ({
      tool,
      wanted: acceptedRange(recipes[tool].product),
      ...(await locateTool(tool)),
    })),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const lines = rows.map(({ tool, wanted, found, otherwise }) =>
    found === undefined
      ? [tool, wanted, '-', 'missing', `would come from: ${otherwise}`]
      : [tool, wanted, found.version, found.source, found.path],
  );
  process.stdout.write(`${textTable(['tool', 'wanted', 'version', 'from', 'path'], lines)}\n`);
}

async function get(given: readonly string[]): Promise<void> {
  const names = given.length === 0 ? allTools : given.map(knownTool);
  const cancel = new AbortController();
  const onInterrupt = () => cancel.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const view = progressView(process.stderr);
  const found = findTools(names, { onProgress: view.update, signal: cancel.signal });
  const results = await Promise.allSettled(found.values());
  view.finish();
  process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  for (const [index, tool] of [...found.keys()].entries()) {
    const result = results[index];
    if (result?.status !== 'rejected') continue;
    const excused = given.length === 0 && optionalTools.includes(tool);
    const error: unknown = result.reason;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (!excused) process.exitCode = 1;
  }
}

function knownTool(name: string): ToolName {
  const known = toolNames.find((tool) => tool === name);
  if (known !== undefined) return known;
  throw new SightlineError('SL1207', {
    what: `There is no tool ${JSON.stringify(name)}`,
    where: 'toolchain get',
    fix: `name some of: ${toolNames.join(', ')}`,
  });
}
