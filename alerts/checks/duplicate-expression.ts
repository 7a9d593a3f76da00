import { type Expression, partsOf } from '../../telemetry/query/promql-tree.ts';
import { alertsCheck, type Complaint } from './support/check.ts';

/** The expression in one of the many ways it can be written: labels and matchers sorted, spaces and brackets alike. */
export function canonical(expression: Expression): string {
  const sorted = (labels: readonly string[]): string => labels.toSorted().join();
  const inner = partsOf(expression).map(canonical);
  return `${head(expression, sorted)}(${inner.join(',')})${expression.modifier ?? ''}`;
}

function head(expression: Expression, sorted: (labels: readonly string[]) => string): string {
  switch (expression.kind) {
    case 'selector':
      return `${expression.name}{${sorted(expression.matchers.map(({ label, operator, value }) => `${label}${operator}${value}`))}}`;
    case 'range':
      return `[${expression.rangeMs}:${expression.stepMs}]`;
    case 'call':
      return expression.name;
    case 'aggregation':
      return `${expression.operator} ${expression.grouping} ${sorted(expression.labels)}`;
    case 'binary':
      return `${expression.operator} ${expression.bool} ${expression.matching?.kind} ${sorted(expression.matching?.labels ?? [])} ${expression.group?.side} ${sorted(expression.group?.include ?? [])}`;
    case 'negation':
      return '-';
    case 'number':
      return String(Number(expression.value));
    case 'string':
      return JSON.stringify(expression.value);
  }
}

/** Tiers of one family are told apart by the check of families. */
export const duplicateExpression = alertsCheck('duplicate-expression', 'SL1548', (subjects) => {
  const groups = Map.groupBy(
    subjects.filter(({ tree }) => tree !== undefined),
    ({ tree, text }) => (tree ? canonical(tree) : text),
  );
  return [...groups.values()].flatMap((same) =>
    same.slice(1).flatMap((about): readonly Complaint[] => {
      const first = same[0];
      return !first || first.alert.name === about.alert.name
        ? []
        : [
            {
              about,
              what: `its expression is that of ${first.where}: both fire for the same thing`,
              fix: 'remove one of them, or make them tiers of one family',
            },
          ];
    }),
  );
});
