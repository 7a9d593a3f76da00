import type { MutationOperator } from './operator.ts';
import { replaceComparison } from './replace-comparison.ts';

const neighbours = { '>': '>=', '>=': '>', '<': '<=', '<=': '<' } as const;

/** Each comparison with its boundary on the other side: only a scenario exactly at the threshold sees it. */
export const moveBoundary: MutationOperator = {
  name: 'boundary moved',
  mutate: (rule) => replaceComparison(rule, neighbours),
};
