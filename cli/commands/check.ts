import { Command } from 'commander';
import pc from 'picocolors';
import { checkRendered, checkStack } from '../../infra/check/check.ts';
import { readEnvironment } from '../../infra/config.ts';
import { localStack, planLocal } from '../../infra/local/plan.ts';
import { localPorts } from '../../infra/local/ports.ts';
import type { Stack } from '../../infra/stack.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { progressView } from '../progress.ts';

const examples = `
Examples:
  npm run check
  npm run check -- --json

Generates everything and checks it: queries parsed and typed, labels, links, runbooks, dashboards; then the real
promtool, amtool, loki and promtail read the rendered files. Exit code 1 on any problem.`;

export function checkCommand(): Command {
  return new Command('check')
    .option('--json', 'print the problems as JSON')
    .addHelpText('after', examples)
    .action(async (options: { readonly json?: boolean }) => {
      const started = performance.now();
      const stack = localStack(readEnvironment('local'), localPorts(0), 1);
      const problems = await findProblems(stack);
      if (options.json) console.log(JSON.stringify({ problems }, null, 2));
      else report(stack, problems, (performance.now() - started) / 1000);
      process.exitCode = problems.length === 0 ? 0 : 1;
    });
}

async function findProblems(stack: Stack): Promise<readonly Problem[]> {
  const progress = progressView(process.stderr);
  try {
    const fromTools = checkRendered(
      (stateDir) => planLocal({ portOffset: 0, stateDir, env: {}, timeScale: 1 }),
      (step) => progress.update(step),
    );
    return [...(await checkStack(stack)), ...(await fromTools)];
  } finally {
    progress.finish();
  }
}

function report(stack: Stack, problems: readonly Problem[], seconds: number): void {
  for (const { code, what, where, fix } of problems)
    console.log(`${pc.red(pc.bold(code))} ${what}\n  where: ${where}\n  fix: ${fix}`);
  const rules = Object.values(stack.rules).flat().length;
  console.log(
    `${rules} alert rules with their runbooks, ${stack.dashboards.length} dashboard${stack.dashboards.length === 1 ? '' : 's'}, the files of every tool`,
  );
  const summary = problems.length === 0 ? pc.green('no problems') : pc.red(`${problems.length} problems`);
  console.log(`${summary} in ${seconds.toFixed(1)} s`);
}
