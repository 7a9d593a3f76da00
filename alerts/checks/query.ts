import { checkLogql } from '../../telemetry/query/check-logql.ts';
import { checkPromql, type QueryProblem } from '../../telemetry/query/check-promql.ts';
import type { Query } from '../../telemetry/query/query.ts';
import { ruleCheck } from './support/check.ts';

export const query = ruleCheck('query', 'SL1501', ({ query: expression, alert }) => [
  ...problemsOf(expression).map(({ message, excerpt }) => ({
    what: `${message}: ${excerpt}`,
    fix: 'mend the expression in alerts/rules',
  })),
  ...(alert?.logs ? problemsOf(alert.logs) : []).map(({ message, excerpt }) => ({
    what: `log query: ${message}: ${excerpt}`,
    fix: 'mend `logs` of the rule',
  })),
]);

function problemsOf({ language, parts }: Query): readonly QueryProblem[] {
  return language === 'promql' ? checkPromql({ language, parts }) : checkLogql({ language, parts });
}
