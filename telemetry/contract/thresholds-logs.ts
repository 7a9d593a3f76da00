import type { ThresholdDefinition } from './types.ts';

/** What the rules about log lines compare with. */
export const logThresholds = {
  error_lines_of_one_kind_warning: {
    unit: 'lines',
    default: 30,
    min: 1,
    max: 100_000,
    description: 'Lines of level ERROR or CRITICAL with one error_type within five minutes',
  },
  component_error_lines_warning: {
    unit: 'lines',
    default: 50,
    min: 1,
    max: 100_000,
    description: 'Lines of level ERROR or CRITICAL of a component of the stack within ten minutes',
  },
  plain_text_lines_info: {
    unit: 'lines',
    default: 20,
    min: 0,
    max: 100_000,
    description: 'Lines of a service that are not JSON within fifteen minutes',
  },
  account_login_failures_warning: {
    unit: 'attempts',
    default: 10,
    min: 3,
    max: 10_000,
    description: 'Refused logins of one account within five minutes',
  },
  refused_accounts_warning: {
    unit: 'other',
    default: 15,
    min: 3,
    max: 400,
    description: 'Accounts with a refused login within ten minutes',
  },
  users_without_tasks_warning: {
    unit: 'other',
    default: 2,
    min: 0,
    max: 400,
    description: 'Users whose new tasks failed within ten minutes',
  },
  outbox_attempts_warning: {
    unit: 'attempts',
    default: 15,
    min: 5,
    max: 1000,
    description:
      'Attempts in a row to hand the outbox to the bus; from the sixth on they are up to ten seconds apart',
  },
  user_connection_drops_info: {
    unit: 'connections',
    default: 5,
    min: 1,
    max: 1000,
    description: 'WebSocket connections that one user lost within ten minutes',
  },
} as const satisfies Record<string, ThresholdDefinition>;
