import { comparisonQueries } from './comparisons.ts';
import { failureQueries } from './failures.ts';
import { journeyQueries } from './journeys.ts';
import type { SavedQuery } from './saved-query.ts';

/** Every saved query, by what it is about, in the order of pages and lists. */
export const savedQueriesByTopic = {
  'What failed': failureQueries,
  'One user, request or trace': journeyQueries,
  'What stands out': comparisonQueries,
} as const satisfies Record<string, readonly SavedQuery[]>;

export const savedQueries: readonly SavedQuery[] = Object.values(savedQueriesByTopic).flat();
