import { thresholds } from '../telemetry/contract/thresholds.ts';
import { type Query, renderPart } from '../telemetry/query/query.ts';
import { durationMs } from '../telemetry/query/scale-time.ts';
import type { AnyAlertRule } from './rule.ts';
import { boundsOf } from './tier-order.ts';

/** Whether an alert fires in fewer moments than before, or in more. */
export type Direction = 'fewer' | 'more';

/** Where an override can move what a rule does. Both, where that cannot be told from the expression. */
export function directionsOf(overridden: AnyAlertRule, declared: AnyAlertRule): ReadonlySet<Direction> {
  return new Set([
    ...thresholdDirections(overridden),
    ...compared(lengthOf(overridden.for), lengthOf(declared.for), 'fewer', 'more'),
    ...compared(lengthOf(overridden.keepFiringFor), lengthOf(declared.keepFiringFor), 'more', 'fewer'),
  ]);
}

function thresholdDirections(rule: AnyAlertRule): readonly Direction[] {
  const bounds = boundsOf(rule).map(({ threshold, value, fires }) => ({
    threshold,
    moves:
      fires === 'above'
        ? compared(value, thresholds[threshold].default, 'fewer', 'more')
        : compared(value, thresholds[threshold].default, 'more', 'fewer'),
  }));
  const { parts }: Query = rule.expr;
  const calculatedWith = parts.some(
    (part) =>
      part.kind === 'threshold' &&
      Number(renderPart(part, {})) !== thresholds[part.name].default &&
      !bounds.some(({ threshold }) => threshold === part.name),
  );
  return calculatedWith ? ['fewer', 'more'] : bounds.flatMap(({ moves }) => moves);
}

const lengthOf = (time: AnyAlertRule['for']): number => durationMs(time?.duration ?? '0s') ?? 0;

const compared = (
  now: number,
  before: number,
  larger: Direction,
  smaller: Direction,
): readonly Direction[] => (now === before ? [] : [now > before ? larger : smaller]);
