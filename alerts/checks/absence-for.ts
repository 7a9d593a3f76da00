import { type Expression, expressionsIn } from '../../telemetry/query/promql-tree.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { alertCheck } from './support/check.ts';

const scrapes = 2;

/** Parts that hold as soon as a series is not there: `absent()`, or something constant `unless` it is. */
export const absenceTests = (expression: Expression): readonly Expression[] =>
  expressionsIn(expression).filter(
    (part) =>
      (part.kind === 'call' && ['absent', 'absent_over_time'].includes(part.name)) ||
      (part.kind === 'binary' && part.operator === 'unless' && isConstant(part.left)),
  );

const isConstant = (expression: Expression): boolean =>
  expressionsIn(expression).some((part) => part.kind === 'call' && part.name === 'vector');

export const absenceFor = alertCheck('absence-for', 'SL1540', ({ tree, alert }, { scrapeIntervalMs }) => {
  if (!tree || absenceTests(tree).length === 0) return [];
  const holds = alert.for ? (durationMs(alert.for.duration) ?? 0) : 0;
  return holds >= scrapes * scrapeIntervalMs
    ? []
    : [
        {
          what: `it fires when a series is missing for ${alert.for?.duration ?? 'a single evaluation'}, which one lost scrape is enough for`,
          fix: `give it a \`for\` of ${scrapes} scrapes (${(scrapes * scrapeIntervalMs) / 1000}s) or longer`,
        },
      ];
});
