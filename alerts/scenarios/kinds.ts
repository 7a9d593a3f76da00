import {
  type Expression,
  expressionsIn,
  isComparison,
  parsePromql,
  selectorsIn,
} from '../../telemetry/query/promql-tree.ts';
import { burnPairs } from './burn-pairs.ts';

/**
 * What makes an alert fire: a number beyond a threshold, something that is not there, an error budget that is spent too
 * fast over a long and a short window, or nothing at all.
 */
export const kinds = ['threshold', 'absence', 'burn rate', 'constant'] as const;
export type Kind = (typeof kinds)[number];

/** The kinds of an alert's PromQL expression; more than one where it says `or`. None when it cannot be read. */
export function kindsOf(expr: string): readonly Kind[] {
  const tree = parsePromql(expr);
  if (!tree) return [];
  const found = new Set(alternativesOf(tree).map((one) => kindOf(one)));
  if (burnPairs(expr).length === 0) return kinds.filter((kind) => found.has(kind));
  return kinds.filter((kind) => kind === 'burn rate' || (kind !== 'threshold' && found.has(kind)));
}

/** Conditions that hold together: what must be there, and what must not. */
interface Alternative {
  readonly holds: readonly Expression[];
  readonly unless: readonly Expression[];
}

function alternativesOf(expression: Expression): readonly Alternative[] {
  if (expression.kind !== 'binary') return [{ holds: [expression], unless: [] }];
  const { operator, left, right } = expression;
  if (operator === 'or') return [...alternativesOf(left), ...alternativesOf(right)];
  if (operator === 'and')
    return alternativesOf(left).flatMap((one) =>
      alternativesOf(right).map((other) => ({
        holds: [...one.holds, ...other.holds],
        unless: [...one.unless, ...other.unless],
      })),
    );
  if (operator === 'unless')
    return alternativesOf(left).map((one) => ({ ...one, unless: [...one.unless, right] }));
  return [{ holds: [expression], unless: [] }];
}

function kindOf({ holds, unless }: Alternative): Kind {
  const parts = holds.flatMap(expressionsIn);
  if (parts.some((part) => part.kind === 'call' && part.name.startsWith('absent'))) return 'absence';
  if (parts.some(isComparison)) return 'threshold';
  if (unless.some((condition) => selectorsIn(condition).length > 0)) return 'absence';
  return parts.some((part) => part.kind === 'selector') ? 'threshold' : 'constant';
}
