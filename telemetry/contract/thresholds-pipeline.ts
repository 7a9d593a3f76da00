import type { ThresholdDefinition } from './types.ts';

/** What the rules about the log pipeline compare with. */
export const pipelineThresholds = {
  log_queue_age_warning: {
    unit: 'seconds',
    default: 60,
    min: 5,
    max: 86_400,
    description: 'How long the oldest batch in the queue of the log pipeline has waited',
  },
  log_queue_until_full_warning: {
    unit: 'seconds',
    default: 6 * 3600,
    min: 600,
    max: 2_000_000,
    description: 'Time until the queue of the log pipeline or its disk is full, if it grows as it does',
  },
  log_queue_until_full_critical: {
    unit: 'seconds',
    default: 1800,
    min: 60,
    max: 86_400,
    description: 'The same, when somebody has to act now',
  },
  log_refused_entries_warning: {
    unit: 'entries',
    default: 0,
    min: 0,
    max: 1_000_000,
    description: 'Log entries that were not taken within five minutes, for the queue or its disk was full',
  },
  log_dead_letters_warning: {
    unit: 'entries',
    default: 0,
    min: 0,
    max: 100_000,
    description: 'Log entries that Loki refused for what is in them, and that wait for a person',
  },
  log_canary_wait_warning: {
    unit: 'seconds',
    default: 60,
    min: 5,
    max: 86_400,
    description: 'How long the oldest acknowledged line of the canary has not been found',
  },
} as const satisfies Record<string, ThresholdDefinition>;
