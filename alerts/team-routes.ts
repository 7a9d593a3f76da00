import type { Team } from '../telemetry/contract/teams.ts';
import type { ReceiverName } from './receivers.ts';

/** What a team is told of its own alerts. A critical one is always told to `incidents` as well. */
export type TeamRoute = {
  readonly team: Team;
  readonly receiver: ReceiverName;
} & (
  | { readonly severity: 'critical'; readonly as: 'also' }
  /** Also, or instead of the channel that is common to all teams. */
  | { readonly severity: 'warning' | 'info'; readonly as: 'also' | 'instead' }
);

export const teamRoutes: readonly TeamRoute[] = [
  // Whoever answers to auditors has the whole record of the audit trail's troubles in one channel.
  { team: 'compliance', severity: 'critical', receiver: 'compliance', as: 'also' },
  { team: 'compliance', severity: 'warning', receiver: 'compliance', as: 'also' },
];
