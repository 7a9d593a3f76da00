import type { MutationOperator } from './operator.ts';

/** The alert fires at once. */
export const removeFor: MutationOperator = {
  name: '`for` removed',
  mutate: ({ expr, for: duration }) =>
    duration === undefined ? [] : [{ change: `for: ${duration} is gone`, broken: { expr } }],
};
