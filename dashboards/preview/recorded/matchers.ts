import type { LabelMatcher } from '../../../telemetry/query/promql-tree.ts';
import type { Labels } from './series.ts';

/** Whether the labels are selected; a label that is absent is empty, as Prometheus and Loki have it. */
export const selects = (matchers: readonly LabelMatcher[], labels: Labels): boolean =>
  matchers.every((matcher) => holds(matcher, labels[matcher.label] ?? ''));

export function holds(
  { operator, value }: Pick<LabelMatcher, 'operator' | 'value'>,
  actual: string,
): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '=~':
      return whole(value).test(actual);
    case '!~':
      return !whole(value).test(actual);
    default:
      return false;
  }
}

const whole = (pattern: string): RegExp => regExp(`^(?:${pattern})$`);

/** RE2 writes flags in front of a pattern. */
export function regExp(pattern: string): RegExp {
  const insensitive = pattern.includes('(?i)');
  return new RegExp(pattern.replaceAll('(?i)', ''), insensitive ? 'is' : 's');
}
