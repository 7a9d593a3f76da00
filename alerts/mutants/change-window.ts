import { durationMs, scaleDuration } from '../../telemetry/query/scale-time.ts';
import { type Edit, mutations, nodesOf } from './edit.ts';
import type { MutationOperator } from './operator.ts';

/** Three scrapes. A rate over less would be empty, which is another defect than a wrong window. */
const shortestMs = 45_000;

function changeWindow(name: string, factor: number): MutationOperator {
  return {
    name,
    mutate: (rule) => {
      const ranges = ['MatrixSelector', 'SubqueryExpr'].flatMap((kind) => nodesOf(rule.expr, kind));
      const edits = ranges.flatMap((range): readonly Edit[] => {
        const duration = range.getChild('DurationExpr');
        if (!duration) return [];
        const { from, to } = duration;
        const before = rule.expr.slice(from, to);
        const ms = durationMs(before);
        if (ms === undefined) return [];
        const after = scaleDuration(before, ms / Math.max(shortestMs, ms * factor));
        if (after === before) return [];
        return [
          {
            change: `[${before}] of ${metric(rule.expr, range.from)} became [${after}]`,
            pieces: [{ from, to, text: after }],
          },
        ];
      });
      return mutations(
        rule,
        edits.toSorted((a, b) => (a.pieces[0]?.from ?? 0) - (b.pieces[0]?.from ?? 0)),
      );
    },
  };
}

/** Each window four times as long: what happened is seen later, and forgotten later. */
export const widenWindow = changeWindow('window widened', 4);
/** Each window a quarter as long, or three scrapes. */
export const narrowWindow = changeWindow('window narrowed', 0.25);

/** The series that a range is over, or its first one. */
function metric(expr: string, from: number): string {
  const [first] = nodesOf(expr, 'Identifier').filter((node) => node.from >= from);
  return first ? expr.slice(first.from, first.to) : 'a selector';
}
