import type { SyntaxNode } from '@lezer/common';
import { operands } from '../../telemetry/query/promql-tree.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { comparisonsOf } from '../mutants/comparisons.ts';
import type { Piece } from '../mutants/edit.ts';

/** The same share compared with the same limit over two windows: both must be beyond it. */
export interface BurnPair {
  /** Milliseconds. */
  readonly longMs: number;
  /** Where the limits stand. */
  readonly longLimit: Omit<Piece, 'text'>;
  readonly shortLimit: Omit<Piece, 'text'>;
}

/** The pairs of an expression, the one that fires fastest first. */
export function burnPairs(expr: string): readonly BurnPair[] {
  const sides = comparisonsOf(expr).flatMap(({ node, operator }) => {
    const [left, right] = operands(node);
    if (!left || !right) return [];
    const [measured, limit] = [left, right].map(({ from, to }) => expr.slice(from, to)) as [string, string];
    const windows = measured.match(duration) ?? [];
    const compared = `${measured.replace(duration, '…')} ${expr.slice(operator.from, operator.to)} ${limit}`;
    const same = `${alternative(node).from}: ${compared}`;
    return [{ same, windowMs: Math.max(0, ...windows.map((text) => durationMs(text) ?? 0)), limit: right }];
  });
  return [...Map.groupBy(sides, ({ same }) => same).values()]
    .flatMap((group): readonly BurnPair[] => {
      const [long, ...others] = group.toSorted((a, b) => b.windowMs - a.windowMs);
      const short = others.at(-1);
      return long && short && short.windowMs < long.windowMs
        ? [{ longMs: long.windowMs, longLimit: place(long.limit), shortLimit: place(short.limit) }]
        : [];
    })
    .toSorted((a, b) => a.longMs - b.longMs);
}

/** What must hold together with it: up to the next `or`. */
function alternative(node: SyntaxNode): SyntaxNode {
  const { parent } = node;
  const joins = parent?.name === 'ParenExpr' || parent?.getChild('And') || parent?.getChild('Unless');
  return parent && joins ? alternative(parent) : node;
}

/** In a range, or at the end of a recorded series' name. */
const duration = /(?<![A-Za-z0-9])\d+[smhdw]|(?<=[a-z])\d+[smhdw](?![A-Za-z0-9_])/g;

const place = ({ from, to }: { readonly from: number; readonly to: number }): Omit<Piece, 'text'> => ({
  from,
  to,
});
