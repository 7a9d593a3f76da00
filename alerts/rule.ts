import type { DashboardUid, dashboards, Severity } from '../telemetry/contract/links.ts';
import type { Team } from '../telemetry/contract/teams.ts';
import type { LogqlQuery, PromqlQuery, Query } from '../telemetry/query/query.ts';
import type { Duration } from '../telemetry/query/scale-time.ts';
import type { CheckId } from './checks/ids.ts';

/** A duration, and why it is that long. */
interface ReasonedDuration {
  readonly duration: Duration;
  readonly because: string;
}

/** Variables of a dashboard, each filled from the alert's label of that name. */
export type DashboardLink = {
  readonly [U in DashboardUid]: {
    readonly uid: U;
    readonly variables: readonly (typeof dashboards)[U]['variables'][number][];
  };
}[DashboardUid];

/** What alone may wake a person. Causes, such as a busy processor, are warnings. */
type Urgency = 'fast SLO burn' | 'data loss' | 'imminent exhaustion' | 'broken alert delivery';

/** A check that does not apply to a rule. Once it expires, or when the check has no complaint, it is a problem itself. */
export interface Suppression {
  readonly check: Exclude<CheckId, 'suppression'>;
  readonly because: string;
  /** The last day on which it holds, `2027-05-31`. */
  readonly until: `${number}-${number}-${number}`;
}

type Tier =
  | {
      readonly severity: 'critical';
      /** What makes it critical, and how this alert shows it. */
      readonly earned: { readonly as: Urgency; readonly because: string };
    }
  | { readonly severity: Exclude<Severity, 'critical'>; readonly earned?: never };

type Rule<Language extends 'promql' | 'logql'> = Tier & {
  /** In PascalCase; the family. */
  readonly name: string;
  /** Whose the alert is when it is about none of our services: platform's by default. */
  readonly team?: Team;
  /** Aggregated to exactly the labels of `by`; its thresholds are nodes, never bare numbers. */
  readonly expr: Query<Language>;
  /** How long the condition must hold. Absent: fires at the first evaluation. */
  readonly for?: ReasonedDuration;
  /** How long the alert stays after the condition ended. */
  readonly keepFiringFor?: ReasonedDuration;
  /** The labels that survive: the identity of the alert. */
  readonly by: readonly string[];
  /** One line. May name `{{ $labels.x }}` of `by`, and `{{ $value }}`. */
  readonly summary: string;
  readonly description: string;
  /** Name of the page in docs/runbooks, without `.md`. */
  readonly runbook: string;
  /** Where the evidence is drawn. */
  readonly dashboard: DashboardLink;
  /** Log lines to look at first, label holes allowed in the selector: see `labelHole`. */
  readonly logs?: LogqlQuery;
  /** Checks that do not apply, each with its reason. */
  readonly allow?: readonly Suppression[];
};

/**
 * An alert as data, evaluated by Prometheus. Rules of one name are the tiers of one family: they share runbook and
 * labels, and the more severe tier inhibits the others.
 */
export type AlertRule = Rule<'promql'>;
/** The same about log lines, evaluated by Loki's ruler. */
export type LogAlertRule = Rule<'logql'>;
export type AnyAlertRule = AlertRule | LogAlertRule;

export const isLogRule = (rule: AnyAlertRule): rule is LogAlertRule => rule.expr.language === 'logql';

/** What the compiler asks of a rule beside its shape: that its series have the labels which it is told apart by. */
type Identified<R extends AlertRule> =
  R['expr'] extends PromqlQuery<infer Label> ? { readonly by: readonly Label[] } : never;

/** Rules as they are declared, each checked for the labels of `by`. */
export const alertRules = <const Rules extends readonly AlertRule[]>(
  rules: { readonly [Index in keyof Rules]: Rules[Index] & Identified<Rules[Index]> },
): readonly AlertRule[] => rules;

/** Unique: the family and the tier. */
export const ruleId = (rule: Pick<AnyAlertRule, 'name' | 'severity'>): string =>
  `${rule.name}-${rule.severity}`;

/** Stands for the value of one of the alert's labels, in any text of a rule. */
export const labelHole = (label: string): string => `{{ $labels.${label} }}`;

/** Labels that the deployment gives to every alert that does not have them from its series. */
export const deploymentLabels = ['cluster', 'environment'] as const;
