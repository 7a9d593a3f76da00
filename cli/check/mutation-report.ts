import pc from 'picocolors';
import type { Verdict } from '../../alerts/mutants/verdict.ts';
import type { MutationRecord } from '../../infra/check/mutation-record.ts';
import { textTable } from '../output/table.ts';

interface Counted {
  readonly name: string;
  readonly mutants: number;
  readonly killed: number;
}

/** A run's survivors, its shares by operator, and what keeps it from passing. */
export function verdictLines(
  { total, operators, survivors, complaints }: Verdict,
  rules: number,
  seconds: number,
): readonly string[] {
  const summary = `${total.killed} of ${total.mutants} mutants of ${rules} rule${rules === 1 ? '' : 's'} were killed`;
  return [
    ...survivors.map(
      ({ rule, operator, change, because }) =>
        `${pc.yellow('survived')} ${pc.bold(rule)} ${operator}: ${change}${because ? pc.dim(` (equivalent: ${because})`) : ''}`,
    ),
    shareTable([...operators, { name: 'all', ...total }]),
    ...complaints.map((complaint) => pc.red(complaint)),
    `${complaints.length === 0 ? pc.green(summary) : pc.red(summary)} in ${seconds.toFixed(1)} s`,
  ];
}

/** The last complete run, and whether it was about the rules and scenarios as they are now. */
export function recordLines(record: MutationRecord, current: boolean): readonly string[] {
  return [
    ...record.survivors.map((survivor) => `${pc.yellow('survived')} ${survivor}`),
    shareTable([...record.operators, { ...record, name: 'all' }]),
    `${record.killed} of ${record.mutants} mutants of ${record.rules} rules were killed by ${record.scenarios} scenarios, when last recorded`,
    current
      ? pc.green('of rules and scenarios as they are now')
      : pc.yellow('rules, operators or scenarios have changed since: npm run check:mutants -- --record'),
  ];
}

const shareTable = (rows: readonly Counted[]): string =>
  textTable(
    ['operator', 'mutants', 'killed', 'survived', 'share'],
    rows.map(({ name, mutants, killed }) => [
      name,
      mutants,
      killed,
      mutants - killed,
      `${percentOf(killed, mutants)} %`,
    ]),
  );

/** One digit, rounded down: what is not all does not read as all. */
const percentOf = (killed: number, mutants: number): string =>
  mutants === 0 ? '100.0' : (Math.floor((killed / mutants) * 1000) / 10).toFixed(1);
