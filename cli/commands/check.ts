import { Command } from 'commander';
import pc from 'picocolors';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { checkRendered, checkStack } from '../../infra/check/check.ts';
import { mergeProblems } from '../../infra/check/merge.ts';
import { checkScenarios, type ScenarioReport } from '../../infra/check/scenarios.ts';
import { type EnvironmentName, environmentNames } from '../../infra/config/names.ts';
import { readEnvironmentName } from '../../infra/config.ts';
import { environmentStack } from '../../infra/environment.ts';
import { alertsOf, type EnvironmentStack } from '../../infra/stack.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { environmentLines, proveEnvironments } from '../check/environment-proof.ts';
import { logProofLine, proveLogRules } from '../check/log-proof.ts';
import { proofLines } from '../check/proof-report.ts';
import { ruleCheckLines } from '../check/rule-checks.ts';
import { interruptible } from '../interruptible.ts';
import { progressView } from '../progress.ts';
import { countOn, findPromtool } from '../promtool.ts';

const examples = `
Examples:
  npm run check
  npm run check -- --env prod
  npm run check -- --list
  npm run check -- --checks --env prod
  npm run check -- --json

Generates every environment, or one, and checks it: queries parsed and typed, labels, links, runbooks, dashboards; then
the real promtool, amtool, loki and promtail read the rendered files, and promtool runs the scenarios of every alert
rule, each of which needs those of its kind; a real Loki those of log rules. Exit code 1 on any problem.`;

export function checkCommand(): Command {
  return new Command('check')
    .option('--env <name>', `one of ${environmentNames.join(', ')}, or all`, 'all')
    .option('--list', 'list every alert rule with its kind and scenarios')
    .option('--checks', 'only run the checks of rules, and list them with what each found')
    .option('--json', 'print the problems, and what is shown of each rule, as JSON')
    .addHelpText('after', examples)
    .action((options: CheckOptions) => interruptible((signal) => check(options, signal)));
}

interface CheckOptions {
  readonly env: string;
  readonly list?: boolean;
  readonly checks?: boolean;
  readonly json?: boolean;
}

async function check(
  { env, list = false, checks = false, json = false }: CheckOptions,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const names = env === 'all' ? environmentNames : [readEnvironmentName(env)];
  const stacks = new Map(names.map((name) => [name, environmentStack(name)]));
  if (checks) {
    for (const line of await ruleCheckLines(stacks)) console.log(line);
    return;
  }
  const [found, proof, logProof] = await Promise.all([
    findProblems(stacks),
    proveRules(signal),
    proveLogRules(signal),
  ]);
  const own = await proveEnvironments(stacks, signal);
  const problems = [...found, ...proof.problems, ...logProof.problems, ...own.problems];
  if (json)
    console.log(
      JSON.stringify(
        {
          problems,
          rules: proof.rules,
          scenarios: proof.scenarios,
          logScenarios: logProof.results,
          environments: Object.fromEntries(own.proofs),
        },
        null,
        2,
      ),
    );
  else {
    for (const line of proofLines(proof, list)) console.log(line);
    console.log(logProofLine(logProof));
    for (const line of environmentLines(own)) console.log(line);
    report(stacks, problems, (performance.now() - started) / 1000);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** The rules as they are declared, with the default thresholds. */
async function proveRules(signal: AbortSignal): Promise<ScenarioReport> {
  const promtool = await findPromtool(signal);
  const counter = countOn(process.stderr);
  return checkScenarios({
    rules: metricRules,
    scenarios: allScenarios,
    promtool,
    signal,
    onProgress: (open) => counter.update(`${open} of ${allScenarios.length} scenarios to run`),
  }).finally(counter.finish);
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
  for (const { code, what, where, fix, page } of problems)
    console.log(
      `${pc.red(pc.bold(code))} ${what}\n  where: ${where}\n  fix: ${fix}${page ? `\n  see: ${page}` : ''}`,
    );
  for (const [name, stack] of stacks) {
    const rules = alertsOf(stack).length;
    const off = stack.off.length === 0 ? '' : ` (${stack.off.length} off)`;
    console.log(
      `${name}: ${rules} alert rules${off} with their runbooks, ${stack.dashboards.length} dashboard${stack.dashboards.length === 1 ? '' : 's'}, the files of every tool`,
    );
  }
  const summary = problems.length === 0 ? pc.green('no problems') : pc.red(`${problems.length} problems`);
  console.log(`${summary} in ${seconds.toFixed(1)} s`);
}
