import { SightlineError } from '../../telemetry/errors.ts';
import { nearestNames } from '../../telemetry/nearest.ts';
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

/** Throws SL1632 when there is none of this id. */
export function savedQueryById(id: string): SavedQuery {
  const saved = savedQueries.find((each) => each.id === id);
  if (saved) return saved;
  const ids = savedQueries.map((each) => each.id);
  const like = nearestNames(id, ids);
  throw new SightlineError('SL1632', {
    what: `there is no saved query ${JSON.stringify(id)}`,
    where: 'dashboards/queries',
    fix: like.length > 0 ? `did you mean ${like.join(' or ')}?` : '`npm run queries -- list` shows all',
  });
}
