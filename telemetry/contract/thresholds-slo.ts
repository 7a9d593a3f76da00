import type { ThresholdDefinition } from './types.ts';

/** What keeps the burn-rate alerts from judging by a handful of events. */
export const sloThresholds = {
  slo_minimum_events: {
    unit: 'events',
    default: 60,
    min: 1,
    max: 1_000_000,
    description: 'Requests, health checks or events in the long window below which an SLO alerts nobody',
  },
  slo_minimum_bad_events: {
    unit: 'events',
    default: 5,
    min: 1,
    max: 100_000,
    description:
      'Bad ones below which an SLO alerts nobody, in five minutes for the fastest pair of windows and in the long window for the others: one failure never pages',
  },
} as const satisfies Record<string, ThresholdDefinition>;
