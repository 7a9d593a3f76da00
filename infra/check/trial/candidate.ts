import type { Breakable } from '../../../alerts/mutants/operator.ts';
import type { AlertRule } from '../../../alerts/rule.ts';
import type { AskedAlert } from '../../../alerts/scenarios/promtool.ts';
import type { Scenario } from '../../../alerts/scenarios/scenario.ts';
import { renderQuery } from '../../../telemetry/query/query.ts';
import { type RuleOptions, ruleGroups } from '../../render/rules.ts';

/** A rule that promtool loads under a name of its own: as it is, or with something changed. */
export interface Candidate {
  /** Tiers of a family may share it; then they are asked about together. */
  readonly alert: string;
  readonly rule: AlertRule;
  readonly form: Breakable;
  /**
   * With the labels of its series alone, `by`: what the rule adds to them is a template each, and costs promtool more
   * than the expression.
   */
  readonly bare?: boolean;
  /** Once a scenario has noticed it, it need not meet the others. */
  readonly onlyOnce?: boolean;
}

/** Scenarios, and what is to go through them: each candidate is evaluated in each scenario. */
export interface Trial {
  readonly candidates: readonly Candidate[];
  readonly scenarios: readonly Scenario[];
}

/** The rule as its file has it, under its own name. */
export const wholeRule = (rule: AlertRule): Candidate => ({
  alert: rule.name,
  rule,
  form: { expr: renderQuery(rule.expr), ...(rule.for && { for: rule.for.duration }) },
});

const options: RuleOptions = {
  thresholds: {},
  timeScale: 1,
  cluster: 'local',
  environment: 'local',
  baseUrls: { dashboards: '', runbooks: '' },
};

/** A rule file with the candidates alone, without annotations, which promtool would compare too. JSON is YAML. */
export function renderCandidates(candidates: readonly Candidate[]): string {
  const rules = candidates.flatMap(({ alert, rule, form, bare }) =>
    ruleGroups({ trial: [rule] }, options).flatMap((group) =>
      group.rules.map(({ annotations: _, for: __, labels, ...rendered }) => ({
        ...rendered,
        ...(!bare && { labels }),
        ...form,
        alert,
      })),
    ),
  );
  return JSON.stringify({ groups: [{ name: 'trial', rules }] });
}

export const askedAlerts = (candidates: readonly Candidate[]): readonly AskedAlert[] =>
  [...Map.groupBy(candidates, ({ alert }) => alert)].map(([alert, tiers]) => ({
    alert,
    severities: tiers.map(({ rule }) => rule.severity),
    ...(tiers[0]?.bare && { labels: tiers[0].rule.by }),
  }));
