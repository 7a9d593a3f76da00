import { Command, Option } from 'commander';
import { declaredEquivalents } from '../../alerts/mutants/equivalent.ts';
import { type Mutant, mutantsOf, operators } from '../../alerts/mutants/index.ts';
import { leastPercent, verdictOn } from '../../alerts/mutants/verdict.ts';
import { ruleId } from '../../alerts/rule.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { emptyScenarios } from '../../alerts/scenarios/coverage.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { judgeMutants } from '../../infra/check/mutants.ts';
import {
  fingerprint,
  mutationRecord,
  readMutationRecord,
  recordPath,
  writeMutationRecord,
} from '../../infra/check/mutation-record.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { breakLogRules } from '../check/log-mutants.ts';
import { recordLines, verdictLines } from '../check/mutation-report.ts';
import { interruptible } from '../interruptible.ts';
import { countOn, findPromtool } from '../promtool.ts';

const examples = `
Examples:
  npm run check:mutants
  npm run check:mutants -- --only HighErrorRatio
  npm run check:mutants -- --only HighErrorRatio-warning "window widened" "window narrowed"
  npm run check:mutants -- --only "matcher dropped" --json
  npm run check:mutants -- --logs         the rules about log lines
  npm run check:mutants -- --record       all of it, and keep the figures in ${recordPath}
  npm run check:mutants -- --last         the figures that were kept, and whether they are still about these rules

Breaks every alert rule in standard ways and runs the rule's scenarios on each broken one with the real promtool.
Exit code 1 when fewer than ${leastPercent.total} % of all mutants, or ${leastPercent.operator} % of an operator's, are noticed by a scenario.
How to read survivors: docs/how-to/test-a-rule.md`;

interface MutantsOptions {
  readonly only?: readonly string[];
  readonly record?: boolean;
  readonly last?: boolean;
  readonly logs?: boolean;
  readonly json?: boolean;
}

export function mutantsCommand(): Command {
  return new Command('mutants')
    .option(
      '--only <names...>',
      'these alerts (a name for all tiers, or name and severity) and these operators',
    )
    .addOption(new Option('--record', 'keep the figures of a complete run').conflicts('only'))
    .addOption(
      new Option('--last', 'print the figures that were kept, and run nothing').conflicts(['only', 'record']),
    )
    .addOption(
      new Option('--logs', 'the rules about log lines instead, in the real Loki').conflicts([
        'only',
        'record',
        'last',
      ]),
    )
    .option('--json', 'print figures and survivors as JSON')
    .addHelpText('after', examples)
    .action((options: MutantsOptions) =>
      options.last
        ? last(options)
        : interruptible((signal) => (options.logs ? breakLogRules : mutants)(options, signal)),
    );
}

function last({ json = false }: MutantsOptions): void {
  const record = readMutationRecord();
  const current = record.fingerprint === fingerprint(metricRules.flatMap(mutantsOf), allScenarios);
  if (json) console.log(JSON.stringify({ ...record, current }, null, 2));
  else for (const line of recordLines(record, current)) console.log(line);
}

async function mutants(
  { only = [], record = false, json = false }: MutantsOptions,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const chosen = chosenMutants(only);
  refuseEmptyScenarios();
  const promtool = await findPromtool(signal);
  const counter = countOn(process.stderr);
  const outcomes = await judgeMutants({
    mutants: chosen,
    scenarios: allScenarios,
    promtool,
    signal,
    onProgress: (killed, open) =>
      counter.update(`${killed} of ${chosen.length} mutants killed, ${open} scenarios to run`),
  }).finally(counter.finish);
  const verdict = verdictOn(outcomes, declaredEquivalents);
  const seconds = (performance.now() - started) / 1000;
  const rules = new Set(chosen.map(({ rule }) => ruleId(rule))).size;
  if (json) console.log(JSON.stringify({ rules, seconds, ...verdict }, null, 2));
  else for (const line of verdictLines(verdict, rules, seconds)) console.log(line);
  if (record) writeMutationRecord(mutationRecord(verdict, rules, chosen, allScenarios));
  process.exitCode = verdict.complaints.length === 0 ? 0 : 1;
}

/** Of the alerts that are named, if any are, by the operators that are named, if any are. */
function chosenMutants(names: readonly string[]): readonly Mutant[] {
  const all = metricRules.flatMap(mutantsOf);
  const ofAlert = ({ rule }: Mutant, name: string): boolean => rule.name === name || ruleId(rule) === name;
  const byOperator = new Set(operators.map(({ name }) => name).filter((name) => names.includes(name)));
  const alerts = names.filter((name) => !byOperator.has(name));
  const unknown = alerts.find((name) => !all.some((mutant) => ofAlert(mutant, name)));
  if (unknown !== undefined)
    throw new SightlineError('SL1007', {
      what: `there is no alert that can be broken, and no operator, named ${unknown}`,
      where: '--only',
      fix: `use one of: ${[...operators, ...new Map(all.map(({ rule }) => [rule.name, rule])).values()].map(({ name }) => name).join(', ')}`,
    });
  return all.filter(
    (mutant) =>
      (alerts.length === 0 || alerts.some((name) => ofAlert(mutant, name))) &&
      (byOperator.size === 0 || byOperator.has(mutant.operator)),
  );
}

/** Promtool passes a quiet scenario whatever the alert's name is. */
function refuseEmptyScenarios(): void {
  const empty = emptyScenarios(allScenarios, metricRules);
  if (empty.length > 0)
    throw new SightlineError('SL1516', {
      what: empty.join('; '),
      where: 'alerts/scenarios',
      fix: 'run `npm run check`, which says what is wrong with each',
    });
}
