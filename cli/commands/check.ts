import { Command } from 'commander';
import pc from 'picocolors';
import { checkRendered, checkStack } from '../../infra/check/check.ts';
import { mergeProblems } from '../../infra/check/merge.ts';
import { type EnvironmentName, environmentNames } from '../../infra/config/names.ts';
import { readEnvironmentName } from '../../infra/config.ts';
import { environmentStack } from '../../infra/environment.ts';
import type { EnvironmentStack } from '../../infra/stack.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { progressView } from '../progress.ts';

const examples = `
Examples:
  npm run check
  npm run check -- --env prod
  npm run check -- --json

Generates every environment, or one, and checks it: queries parsed and typed, labels, links, runbooks, dashboards; then
the real promtool, amtool, loki and promtail read the rendered files. Exit code 1 on any problem.`;

export function checkCommand(): Command {
  return new Command('check')
    .option('--env <name>', `one of ${environmentNames.join(', ')}, or all`, 'all')
    .option('--json', 'print the problems as JSON')
    .addHelpText('after', examples)
    .action(async (options: { readonly env: string; readonly json?: boolean }) => {
      const started = performance.now();
      const names = options.env === 'all' ? environmentNames : [readEnvironmentName(options.env)];
      const stacks = new Map(names.map((name) => [name, environmentStack(name)]));
      const problems = await findProblems(stacks);
      if (options.json) console.log(JSON.stringify({ problems }, null, 2));
      else report(stacks, problems, (performance.now() - started) / 1000);
      process.exitCode = problems.length === 0 ? 0 : 1;
    });
}

async function findProblems(
  stacks: ReadonlyMap<EnvironmentName, EnvironmentStack>,
): Promise<readonly Problem[]> {
  const progress = progressView(process.stderr);
  try {
    const fromTools = checkRendered([...stacks.keys()], (step) => progress.update(step));
    const found = [...stacks].map(
      async ([name, stack]) =>
        [name, [...(await checkStack(stack)), ...((await fromTools).get(name) ?? [])]] as const,
    );
    return mergeProblems(new Map(await Promise.all(found)));
  } finally {
    progress.finish();
  }
}

function report(
  stacks: ReadonlyMap<EnvironmentName, EnvironmentStack>,
  problems: readonly Problem[],
  seconds: number,
): void {
  for (const { code, what, where, fix } of problems)
    console.log(`${pc.red(pc.bold(code))} ${what}\n  where: ${where}\n  fix: ${fix}`);
  for (const [name, stack] of stacks) {
    const rules = Object.values(stack.rules).flat().length;
    const off = stack.off.length === 0 ? '' : ` (${stack.off.length} off)`;
    console.log(
      `${name}: ${rules} alert rules${off} with their runbooks, ${stack.dashboards.length} dashboard${stack.dashboards.length === 1 ? '' : 's'}, the files of every tool`,
    );
  }
  const summary = problems.length === 0 ? pc.green('no problems') : pc.red(`${problems.length} problems`);
  console.log(`${summary} in ${seconds.toFixed(1)} s`);
}
