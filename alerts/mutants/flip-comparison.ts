import type { MutationOperator } from './operator.ts';
import { replaceComparison } from './replace-comparison.ts';

const opposites = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '!=', '!=': '==' } as const;

/** Each comparison the other way round. */
export const flipComparison: MutationOperator = {
  name: 'comparison flipped',
  mutate: (rule) => replaceComparison(rule, opposites),
};
