import { expressionsIn } from '../../telemetry/query/promql-tree.ts';
import { ruleCheck } from './support/check.ts';

const choosing = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

export const sampling = ruleCheck('sampling', 'SL1556', ({ tree }) =>
  (tree ? expressionsIn(tree) : [])
    .filter((part) => part.kind === 'aggregation')
    .filter(({ operator }) => choosing.has(operator))
    .map(({ operator }) => ({
      what: `${operator}() chooses other series at each evaluation: alerts come and go, and \`for\` starts anew`,
      fix: 'compare all of them with a threshold',
    })),
);
