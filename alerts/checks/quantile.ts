import { type Expression, expressionsIn, selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { behaviour, isBucket } from '../../telemetry/query/series-facts.ts';
import { type Finding, ruleCheck } from './support/check.ts';

export const quantile = ruleCheck('quantile', 'SL1552', ({ tree }) =>
  (tree ? expressionsIn(tree) : []).flatMap((part) => {
    const [rank, buckets] = part.kind === 'call' ? part.args : [];
    return part.kind === 'call' && part.name === 'histogram_quantile' && rank && buckets
      ? findings(rank, buckets)
      : [];
  }),
);

function findings(rank: Expression, buckets: Expression): readonly Finding[] {
  const known = selectorsIn(buckets).filter(
    ({ name }) => name !== undefined && behaviour(name) !== undefined,
  );
  const wrong = known.find(({ name = '' }) => !isBucket(name));
  const value = Number(rank.text);
  return [
    ...(value <= 0 || value >= 1
      ? [{ what: `${rank.text} is no quantile`, fix: 'a quantile lies between 0 and 1: p95 is 0.95' }]
      : []),
    ...(wrong
      ? [{ what: `${wrong.name} is no series of buckets`, fix: 'use the _bucket series of a histogram' }]
      : []),
    ...(labelsOf(buckets).has('le')
      ? []
      : [{ what: 'the buckets lose `le` before histogram_quantile() sees them', fix: 'add le to `by`' }]),
    ...(isRated(buckets)
      ? []
      : [
          {
            what: 'it is the quantile of everything since the process started',
            fix: 'take the rate() of the buckets first',
          },
        ]),
  ];
}

/** A recorded rate has no range any more; what nobody declares is taken for one. */
const isRated = (buckets: Expression): boolean =>
  expressionsIn(buckets).some(({ kind }) => kind === 'range') ||
  selectorsIn(buckets).every(({ name }) => name === undefined || behaviour(name) === undefined);
