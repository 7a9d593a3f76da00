import type { CatalogueMetric } from './types.ts';

/** Prometheus 3.15, and what it writes by itself for every target. */
export const prometheusMetrics = {
  up: { type: 'gauge', help: '1 when the last scrape succeeded', labels: [] },
  ALERTS: {
    type: 'gauge',
    help: 'Always 1: one series for each pending or firing alert, with the labels of the alert',
    labels: ['alertname', 'alertstate', 'severity'],
  },
  scrape_samples_scraped: { type: 'gauge', help: 'Samples the target exposed', labels: [] },
  prometheus_config_last_reload_successful: {
    type: 'gauge',
    help: '1 when the last reload succeeded',
    labels: [],
  },
  prometheus_rule_evaluation_failures_total: {
    type: 'counter',
    help: 'Rule evaluations that failed',
    labels: ['rule_group'],
  },
  prometheus_notifications_alertmanagers_discovered: {
    type: 'gauge',
    help: 'Alertmanagers that are known and active',
    labels: [],
  },
  prometheus_notifications_dropped_total: {
    type: 'counter',
    help: 'Alerts that could not be sent to any Alertmanager',
    labels: ['alertmanager'],
  },
  prometheus_tsdb_head_series: { type: 'gauge', help: 'Series in the head block', labels: [] },
  prometheus_tsdb_head_samples_appended_total: {
    type: 'counter',
    help: 'Samples appended to the head block',
    labels: ['type'],
  },
} as const satisfies Record<string, CatalogueMetric>;
