import type { ThresholdDefinition } from './types.ts';

/** What the rules about Prometheus, Loki, Promtail and Grafana compare with. */
export const stackThresholds = {
  missed_evaluations_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.001,
    max: 1,
    description: 'Share of rule evaluations that are left out',
  },
  alert_sending_error_ratio_critical: {
    unit: 'ratio',
    default: 0.03,
    min: 0.001,
    max: 1,
    description: 'Share of alerts that even the best Alertmanager does not take',
  },
  grafana_error_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.001,
    max: 1,
    description: 'Share of Grafana’s requests answered with 5xx',
  },
  loki_latency_p99_warning: {
    unit: 'seconds',
    default: 1,
    min: 0.1,
    max: 60,
    description: '99th percentile of what clients ask of Loki',
  },
  compactor_age_warning: {
    unit: 'seconds',
    default: 3 * 3600,
    min: 600,
    max: 86_400,
    description: 'Time since Loki’s compactor last succeeded',
  },
  promtail_error_ratio_warning: {
    unit: 'ratio',
    default: 0.1,
    min: 0.001,
    max: 1,
    description: 'Share of Promtail’s pushes that fail',
  },
  promtail_latency_p99_warning: {
    unit: 'seconds',
    default: 1,
    min: 0.05,
    max: 60,
    description: '99th percentile of Promtail’s pushes',
  },
  promtail_unread_warning: {
    unit: 'bytes',
    default: 10 * 1024 * 1024,
    min: 1024,
    max: 10 * 1024 ** 3,
    description: 'Bytes that Promtail has still to read',
  },
} as const satisfies Record<string, ThresholdDefinition>;
