import pc from 'picocolors';
import { type Kind, kinds } from '../../alerts/scenarios/kinds.ts';
import { proofsOf } from '../../alerts/scenarios/proofs.ts';
import type { ProvenRule, ScenarioReport } from '../../infra/check/scenarios.ts';
import { textTable } from '../output/table.ts';

/** What the scenarios show, by kind of rule; with `list`, every rule on a line of its own before. */
export function proofLines({ rules, scenarios, problems }: ScenarioReport, list: boolean): readonly string[] {
  const share = rules.filter(isProven).length / Math.max(1, rules.length);
  const percent = `${Number.isInteger(share * 100) ? share * 100 : (share * 100).toFixed(1)} %`;
  const failed = problems.filter(({ code }) => code === 'SL1517').length;
  const passed = failed === 0 ? 'all as they say' : `${failed} not as they say`;
  const summary = `${rules.length} rules, ${percent} with the scenarios of their kind; ${scenarios} scenarios in promtool, ${passed}`;
  return [
    ...(list ? [ruleTable(rules)] : []),
    kindTable(rules),
    share === 1 && failed === 0 ? pc.green(summary) : pc.red(summary),
  ];
}

const isProven = ({ missing }: ProvenRule): boolean => missing.length === 0;

const ruleTable = (rules: readonly ProvenRule[]): string =>
  textTable(
    ['rule', 'kind', 'scenarios', 'missing'],
    rules.map(({ id, kinds: own, scenarios, missing }) => [
      id,
      own.join(', '),
      scenarios,
      missing.join(', ') || '-',
    ]),
  );

/** A rule of two kinds is counted in both. */
function kindTable(rules: readonly ProvenRule[]): string {
  const row = (kind: Kind): (string | number)[] => {
    const own = rules.filter((rule) => rule.kinds.includes(kind));
    return [kind, own.length, own.filter(isProven).length, proofsOf(kind).join(', ')];
  };
  return textTable(['kind', 'rules', 'shown', 'what must be shown'], kinds.map(row));
}
