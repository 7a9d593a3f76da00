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
