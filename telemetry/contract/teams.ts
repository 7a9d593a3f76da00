/** Who owns what runs: the `team` label of every alert, by which a route may be refined. */
export const teams = {
  platform: 'Runs hosts, Kubernetes, brokers and the observability stack itself',
  tasks: 'Owns tasks and their recurrence',
  collaboration: 'Owns reminders and live updates',
  compliance: 'Owns the audit trail',
} as const satisfies Record<string, string>;

export type Team = keyof typeof teams;

/** The team of whatever has none of its own. */
export const defaultTeam: Team = 'platform';
