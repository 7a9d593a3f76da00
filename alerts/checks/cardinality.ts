import { selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { labelsOfSeries } from '../../telemetry/query/series.ts';
import { ruleCheck } from './support/check.ts';
import { isTargetLabel, valuesLeft } from './support/series-facts.ts';

/** Alerts that one rule may raise, or series that it may record, for each target. */
const limit = 1000;

export const cardinality = ruleCheck('cardinality', 'SL1543', ({ tree }) => {
  if (!tree) return [];
  const kept = [...labelsOf(tree)].filter((label) => !isTargetLabel(label));
  const selectors = selectorsIn(tree);
  const bounds = kept.map((label) => {
    // A label that several series carry has as many values as the poorest of them lets through.
    const carriers = selectors.filter(({ name }) => name !== undefined && labelsOfSeries(name)?.has(label));
    return { label, bound: Math.min(...carriers.map((selector) => valuesLeft(selector, label))) };
  });
  const finite = bounds.filter(({ bound }) => Number.isFinite(bound));
  const product = finite.reduce((total, { bound }) => total * bound, 1);
  return product <= limit
    ? []
    : [
        {
          what: `it may give ${product} results for each target: ${finite.map(({ label, bound }) => `${label} has up to ${bound} values`).join(', ')}`,
          fix: `aggregate the widest label away, or give it a closed set of values in the contract; at most ${limit}`,
        },
      ];
});
