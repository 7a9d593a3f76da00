import { type Expression, partsOf, type Selector } from '../../telemetry/query/promql-tree.ts';
import { labelsOfSeries } from '../../telemetry/query/series.ts';
import { ruleCheck } from './support/check.ts';
import { exposing, isTargetLabel, valuesLeft } from './support/series-facts.ts';

/** Prometheus refuses a query that loads more: --query.max-samples is 50 million unless set. */
const maxSamples = 50_000_000;

/**
 * Samples that one evaluation reads at worst: for every selector, the targets of each service that expose it, times the
 * values that its matchers leave of each label there, times the samples in its range.
 */
export function samplesOf(expression: Expression, scrapeIntervalMs: number, each = 1): number {
  switch (expression.kind) {
    case 'selector':
      return each * seriesOf(expression);
    case 'range': {
      const { rangeMs, stepMs, operand } = expression;
      const step = stepMs === undefined ? scrapeIntervalMs : stepMs || 60_000;
      return samplesOf(operand, scrapeIntervalMs, each * Math.max(1, Math.ceil(rangeMs / step)));
    }
    default:
      return partsOf(expression).reduce((sum, part) => sum + samplesOf(part, scrapeIntervalMs, each), 0);
  }
}

function seriesOf(selector: Selector): number {
  const { name } = selector;
  if (name === undefined) return 1;
  const own = [...(labelsOfSeries(name) ?? [])].filter((label) => !isTargetLabel(label));
  return exposing(selector).reduce(
    (sum, { service, targets }) =>
      sum + own.reduce((product, label) => product * valuesLeft(selector, label, service), targets),
    0,
  );
}

export const queryCost = ruleCheck('query-cost', 'SL1553', ({ tree }, { scrapeIntervalMs }) => {
  const samples = tree ? samplesOf(tree, scrapeIntervalMs) : 0;
  return samples <= maxSamples
    ? []
    : [
        {
          what: `one evaluation may read ${Math.round(samples / 1e6)} million samples, and Prometheus stops at ${maxSamples / 1e6}`,
          fix: 'shorten the range, match fewer series, or record a part of it and read that',
        },
      ];
});
