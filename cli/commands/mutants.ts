import { Command } from 'commander';
import pc from 'picocolors';
import { declaredEquivalents } from '../../alerts/mutants/equivalent.ts';
import { leastPercent, type Verdict, verdictOn } from '../../alerts/mutants/verdict.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { uncovered } from '../../alerts/scenarios/coverage.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { judgeMutants } from '../../infra/check/mutants.ts';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import { progressView } from '../progress.ts';

const examples = `
Examples:
  npm run check:mutants
  npm run check:mutants -- --rule HighErrorRatio
  npm run check:mutants -- --rule HighErrorRatio-critical --json

Breaks every alert rule in standard ways and runs the rule's scenarios on each broken one with the real promtool.
Exit code 1 when fewer than ${leastPercent.total} % of all mutants, or ${leastPercent.operator} % of an operator's, are noticed by a scenario.
How to read survivors: docs/how-to/test-a-rule.md`;

interface MutantsOptions {
  readonly rule?: string;
  readonly json?: boolean;
}

export function mutantsCommand(): Command {
  return new Command('mutants')
    .option('--rule <name>', 'only this alert: its name (all tiers), or name and severity')
    .option('--json', 'print figures and survivors as JSON')
    .addHelpText('after', examples)
    .action(mutants);
}

async function mutants({ rule, json = false }: MutantsOptions): Promise<void> {
  const started = performance.now();
  const rules = chosenRules(rule);
  refuseStrayScenarios();
  const promtool = await findPromtool();
  const counter = countOn(process.stderr);
  const outcomes = await judgeMutants({
    rules,
    scenarios: allScenarios,
    promtool,
    onProgress: counter.update,
  });
  counter.finish();
  const verdict = verdictOn(outcomes, declaredEquivalents);
  const seconds = (performance.now() - started) / 1000;
  if (json) console.log(JSON.stringify({ rules: rules.length, seconds, ...verdict }, null, 2));
  else report(verdict, rules.length, seconds);
  process.exitCode = verdict.complaints.length === 0 ? 0 : 1;
}

function chosenRules(name: string | undefined): readonly AlertRule[] {
  if (name === undefined) return metricRules;
  const chosen = metricRules.filter((rule) => rule.name === name || ruleId(rule) === name);
  if (chosen.length > 0) return chosen;
  throw new SightlineError('SL1007', {
    what: `there is no alert ${name}`,
    where: '--rule',
    fix: `use one of: ${[...new Set(metricRules.map((rule) => rule.name))].join(', ')}`,
  });
}

/** Promtool passes a quiet scenario whatever the alert's name is. */
function refuseStrayScenarios(): void {
  const names = new Set(metricRules.map(({ name }) => name));
  const strays = uncovered(
    allScenarios.filter(({ family }) => !names.has(family)),
    [],
  );
  if (strays.length > 0)
    throw new SightlineError('SL1515', {
      what: strays.join('; '),
      where: 'alerts/scenarios',
      fix: 'name an alert of alerts/rules',
    });
}

async function findPromtool(): Promise<string> {
  const progress = progressView(process.stderr);
  try {
    const tools = findTools(['promtool'], { onProgress: (step) => progress.update(step) });
    const found = await tools.get('promtool');
    if (!found) throw new Error('the toolchain does not know promtool');
    return found.path;
  } finally {
    progress.finish();
  }
}

/** One line on a terminal, written over as the count grows; nothing elsewhere. */
function countOn(output: NodeJS.WriteStream) {
  const write = (text: string): void => {
    if (output.isTTY) output.write(`\r\u001b[2K${text}`);
  };
  return {
    update: (killed: number, open: number): void =>
      write(`  ${killed} mutants killed, ${open} rule files to judge in this round`),
    finish: (): void => write(''),
  };
}

function report({ total, operators, survivors, complaints }: Verdict, rules: number, seconds: number): void {
  for (const { rule, operator, change, because } of survivors)
    console.log(
      `${pc.yellow('survived')} ${pc.bold(rule)} ${operator}: ${change}${because ? pc.dim(` (equivalent: ${because})`) : ''}`,
    );
  const rows = [...operators, { name: 'all', ...total }].map(({ name, mutants, killed, percent }) => [
    name,
    mutants,
    killed,
    mutants - killed,
    `${percent.toFixed(1)} %`,
  ]);
  console.log(textTable(['operator', 'mutants', 'killed', 'survived', 'share'], rows));
  for (const complaint of complaints) console.log(pc.red(complaint));
  const summary = `${total.killed} of ${total.mutants} mutants of ${rules} rules were killed`;
  console.log(`${complaints.length === 0 ? pc.green(summary) : pc.red(summary)} in ${seconds.toFixed(1)} s`);
}
