import type { RecordingRule } from '../recording.ts';
import type { AnyAlertRule } from '../rule.ts';
import { absenceFor } from './absence-for.ts';
import { alwaysFires } from './always-fires.ts';
import { bareNumber } from './bare-number.ts';
import { bucketBound } from './bucket-bound.ts';
import { cardinality } from './cardinality.ts';
import { comparisonInArithmetic } from './comparison-in-arithmetic.ts';
import { conflictingTiers } from './conflicting-tiers.ts';
import { criticalEarned } from './critical-earned.ts';
import { dashboardLink } from './dashboard-link.ts';
import { deadMatcher } from './dead-matcher.ts';
import { divisionByAbsent } from './division-by-absent.ts';
import { duplicateExpression } from './duplicate-expression.ts';
import { duration } from './duration.ts';
import { family } from './family.ts';
import type { CheckId } from './ids.ts';
import { metricType } from './metric-type.ts';
import { name } from './name.ts';
import { orDrops } from './or-drops.ts';
import { quantile } from './quantile.ts';
import { query } from './query.ts';
import { queryCost } from './query-cost.ts';
import { rateAfterAggregation } from './rate-after-aggregation.ts';
import { regexMatcher } from './regex-matcher.ts';
import { resultLabels } from './result-labels.ts';
import { runbook } from './runbook.ts';
import { sampling } from './sampling.ts';
import { shortRange } from './short-range.ts';
import { type Check, type CheckContext, type CheckProblem, problemOf } from './support/check.ts';
import { alertSubject, recordingSubject } from './support/subject.ts';
import { suppress, suppression, unusedSuppressions } from './suppression.ts';
import { template } from './template.ts';
import { text } from './text.ts';
import { textLabels } from './text-labels.ts';
import { uniqueId } from './unique-id.ts';
import { vanishedTarget } from './vanished-target.ts';
import { vectorMatching } from './vector-matching.ts';

/** Every check, by its id. */
export const checks = {
  'absence-for': absenceFor,
  'always-fires': alwaysFires,
  'bare-number': bareNumber,
  'bucket-bound': bucketBound,
  cardinality: cardinality,
  'comparison-in-arithmetic': comparisonInArithmetic,
  'conflicting-tiers': conflictingTiers,
  'critical-earned': criticalEarned,
  'dashboard-link': dashboardLink,
  'dead-matcher': deadMatcher,
  'division-by-absent': divisionByAbsent,
  'duplicate-expression': duplicateExpression,
  duration: duration,
  family: family,
  'metric-type': metricType,
  name: name,
  'or-drops': orDrops,
  quantile: quantile,
  query: query,
  'query-cost': queryCost,
  'rate-after-aggregation': rateAfterAggregation,
  'regex-matcher': regexMatcher,
  'result-labels': resultLabels,
  runbook: runbook,
  sampling: sampling,
  'short-range': shortRange,
  suppression: suppression,
  template: template,
  text: text,
  'text-labels': textLabels,
  'unique-id': uniqueId,
  'vanished-target': vanishedTarget,
  'vector-matching': vectorMatching,
} as const satisfies Record<CheckId, Check>;

export interface Rules {
  readonly alerts: readonly AnyAlertRule[];
  readonly recordings: readonly RecordingRule[];
}

/** What one check says of all rules, and how often a rule has an answer to it. */
export interface CheckResult {
  readonly check: Check;
  readonly problems: readonly CheckProblem[];
  readonly suppressed: number;
}

/** Everything that can be said about rules without running Prometheus or Loki, by check. */
export function runChecks(rules: Rules, context: CheckContext): readonly CheckResult[] {
  const subjects = [...rules.alerts.map(alertSubject), ...rules.recordings.map(recordingSubject)];
  const results = Object.values(checks).map((check: Check) => ({
    check,
    ...suppress(check.id, check.run(subjects, context), context.today),
  }));
  const used = results.flatMap((result) => result.used);
  const unused = unusedSuppressions(subjects, used, context.today);
  return results.map(({ check, left, used: answers }) => ({
    check,
    problems: [...left, ...(check === suppression ? unused : [])].map((complaint) =>
      problemOf(check, complaint),
    ),
    suppressed: answers.length,
  }));
}

export const checkRules = (rules: Rules, context: CheckContext): readonly CheckProblem[] =>
  runChecks(rules, context).flatMap(({ problems }) => problems);
