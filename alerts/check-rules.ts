import { dashboards } from '../telemetry/contract/links.ts';
import type { ErrorCode, Problem } from '../telemetry/errors.ts';
import { checkLogqlText } from '../telemetry/query/check-logql.ts';
import { checkPromql } from '../telemetry/query/check-promql.ts';
import { renderQuery } from '../telemetry/query/query.ts';
import { durationMs } from '../telemetry/query/scale-time.ts';
import { bareNumbers, shortRateWindows } from './check-expression.ts';
import { familiesOf } from './families.ts';
import { resultLabels } from './result-labels.ts';
import { type AlertRule, deploymentLabels, ruleId } from './rule.ts';
import { missingSections } from './runbooks.ts';

/** Everything that can be said about rules without running Prometheus. `runbooks` is markdown by id. */
export function checkRules(
  rules: readonly AlertRule[],
  runbooks: ReadonlyMap<string, string>,
): readonly Problem[] {
  return [
    ...rules.flatMap((rule) => checkRule(rule, runbooks)),
    ...duplicates(rules),
    ...familyProblems(rules),
    ...strayRunbooks(rules, runbooks),
  ];
}

function checkRule(rule: AlertRule, runbooks: ReadonlyMap<string, string>): Problem[] {
  const problem = (code: ErrorCode, what: string, fix: string): Problem => ({
    code,
    where: `alert ${ruleId(rule)}`,
    what,
    fix,
  });
  const queryProblems = checkPromql(rule.expr).map(({ message, excerpt }) =>
    problem('SL1501', `${message}: ${excerpt}`, 'mend the expression in alerts/rules'),
  );
  // The rest reads the tree of the expression, which says nothing when it does not parse.
  if (queryProblems.length > 0) return queryProblems;
  return [
    ...bareNumbers(rule.expr).map((number) =>
      problem(
        'SL1502',
        `the expression compares with ${number}`,
        "declare it in telemetry/contract/thresholds.ts and write ${threshold('…')}",
      ),
    ),
    ...labelProblems(rule, problem),
    ...durationProblems(rule, problem),
    ...linkProblems(rule, runbooks, problem),
  ];
}

type MakeProblem = (code: ErrorCode, what: string, fix: string) => Problem;

function labelProblems(rule: AlertRule, problem: MakeProblem): Problem[] {
  const results = resultLabels(renderQuery(rule.expr));
  const declared = new Set(rule.by);
  const texts = [rule.summary, rule.description, rule.logs ? renderQuery(rule.logs) : ''].join(' ');
  const named = [...texts.matchAll(/\$labels\.(\w+)/g)].map((match) => match[1] ?? '');
  return [
    ...[...results.symmetricDifference(declared)].map((label) =>
      problem(
        'SL1503',
        declared.has(label)
          ? `the expression does not keep the label ${label}`
          : `the expression keeps the label ${label}, which \`by\` does not name`,
        'make `by` and the aggregation of the expression the same',
      ),
    ),
    ...[...new Set(named)]
      .filter((label) => !declared.has(label))
      .map((label) =>
        problem('SL1503', `a text names {{ $labels.${label} }}`, 'add the label to `by`, or reword the text'),
      ),
  ];
}

function durationProblems(rule: AlertRule, problem: MakeProblem): Problem[] {
  const invalid = [rule.for, rule.keepFiringFor].flatMap((reasoned) =>
    reasoned && (durationMs(reasoned.duration) === undefined || reasoned.because.trim() === '')
      ? [problem('SL1508', `${reasoned.duration} is no duration, or has no reason`, 'write both')]
      : [],
  );
  const short = shortRateWindows(renderQuery(rule.expr)).map((window) =>
    problem('SL1508', `a rate over ${window} sees fewer than four scrapes`, 'use [2m] or longer'),
  );
  return [...invalid, ...short];
}

function linkProblems(
  rule: AlertRule,
  runbooks: ReadonlyMap<string, string>,
  problem: MakeProblem,
): Problem[] {
  const markdown = runbooks.get(rule.runbook);
  const page = `docs/runbooks/${rule.runbook}.md`;
  const runbookProblems =
    markdown === undefined
      ? [problem('SL1505', 'its runbook does not exist', `write ${page}`)]
      : missingSections(markdown).map((section) =>
          problem('SL1505', `its runbook has nothing under ${section}`, `fill the section in ${page}`),
        );
  const variables: readonly string[] = rule.dashboard
    ? (dashboards[rule.dashboard.uid]?.variables ?? [])
    : [];
  const labels = new Set<string>([...rule.by, ...deploymentLabels]);
  const dashboardProblems = (rule.dashboard?.variables ?? []).flatMap((name) =>
    variables.includes(name) && labels.has(name)
      ? []
      : [
          problem(
            'SL1506',
            `the dashboard link fills ${name}, which is no variable of the dashboard or no label of the alert`,
            'choose variables of telemetry/contract/links.ts that the alert carries',
          ),
        ],
  );
  const logProblems = (rule.logs ? checkLogqlText(renderQuery(rule.logs)) : []).map(({ message, excerpt }) =>
    problem('SL1501', `log query: ${message}: ${excerpt}`, 'mend `logs` of the rule'),
  );
  return [...runbookProblems, ...dashboardProblems, ...logProblems];
}

function duplicates(rules: readonly AlertRule[]): Problem[] {
  const groups = Object.entries(Object.groupBy(rules, ruleId));
  return groups.flatMap(([id, same = []]) =>
    same.length < 2
      ? []
      : [{ code: 'SL1504', where: `alert ${id}`, what: `${same.length} rules share it`, fix: 'rename one' }],
  );
}

/** Tiers that do not carry the same labels cannot inhibit each other; and a reader expects one page for both. */
function familyProblems(rules: readonly AlertRule[]): Problem[] {
  return familiesOf(rules).flatMap(({ name, tiers }) => {
    const differing = (value: (rule: AlertRule) => string): boolean => new Set(tiers.map(value)).size > 1;
    const complaints = [
      ...(differing((rule) => rule.runbook) ? ['have different runbooks'] : []),
      ...(differing((rule) => [...rule.by].sort().join()) ? ['keep different labels'] : []),
      ...(tiers.length > 1 && tiers.some((rule) => rule.severity === 'none')
        ? ['mix `none` with severities that people are told of']
        : []),
      ...(tiers.length > 1 && !differing((rule) => renderQuery(rule.expr))
        ? ['have the same expression']
        : []),
    ];
    return complaints.map((what) => ({
      code: 'SL1507' as const,
      where: `alerts named ${name}`,
      what: `its tiers ${what}`,
      fix: 'make the tiers agree in runbook and labels and differ in threshold or window',
    }));
  });
}

function strayRunbooks(rules: readonly AlertRule[], runbooks: ReadonlyMap<string, string>): Problem[] {
  const used = new Set(rules.map((rule) => rule.runbook));
  return [...runbooks.keys()]
    .filter((id) => !used.has(id))
    .map((id) => ({
      code: 'SL1505',
      where: `docs/runbooks/${id}.md`,
      what: 'no alert links to this runbook',
      fix: 'name it in a rule, or remove the page',
    }));
}
