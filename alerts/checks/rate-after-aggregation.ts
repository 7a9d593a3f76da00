import { expressionsIn } from '../../telemetry/query/promql-tree.ts';
import { ruleCheck } from './support/check.ts';

const counters = new Set(['rate', 'irate', 'increase']);

export const rateAfterAggregation = ruleCheck('rate-after-aggregation', 'SL1554', ({ tree }) =>
  (tree ? expressionsIn(tree) : []).flatMap((part) => {
    const [argument] = part.kind === 'call' && counters.has(part.name) ? part.args : [];
    const aggregated =
      argument?.kind === 'range' &&
      expressionsIn(argument.operand).find(({ kind }) => kind === 'aggregation');
    return aggregated
      ? [
          {
            what: `\`${part.text}\` aggregates counters before it looks for their resets: one restart looks like a burst`,
            fix: 'aggregate last: sum(rate(…))',
          },
        ]
      : [];
  }),
);
