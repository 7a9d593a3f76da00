import type { CatalogueMetric } from './types.ts';

/** What Prometheus exposes, and what it writes by itself for every target and alert. */
export const prometheusMetrics = {
  up: { type: 'gauge', help: '1 when the last scrape succeeded', labels: [] },
  ALERTS: {
    type: 'gauge',
    help: 'Always 1: one series for each pending or firing alert, with the labels of the alert',
    labels: ['alertname', 'alertstate', 'severity'],
  },
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
  prometheus_rule_group_iterations_total: {
    type: 'counter',
    help: 'Evaluations of a rule group that were due',
    labels: ['rule_group'],
  },
  prometheus_rule_group_iterations_missed_total: {
    type: 'counter',
    help: 'Those that were left out because the one before had not ended',
    labels: ['rule_group'],
  },
  prometheus_notifications_sent_total: {
    type: 'counter',
    help: 'Alerts sent to an Alertmanager',
    labels: ['alertmanager'],
  },
  prometheus_notifications_errors_total: {
    type: 'counter',
    help: 'Alerts whose sending to an Alertmanager failed',
    labels: ['alertmanager'],
  },
  prometheus_tsdb_compactions_failed_total: {
    type: 'counter',
    help: 'Compactions of the database that failed',
    labels: [],
  },
  prometheus_target_scrapes_exceeded_sample_limit_total: {
    type: 'counter',
    help: 'Scrapes that were thrown away because the target exposed too many samples',
    labels: [],
  },
  prometheus_tsdb_head_samples_appended_total: {
    type: 'counter',
    help: 'Samples appended to the head block',
    labels: ['type'],
  },
} as const satisfies Record<string, CatalogueMetric>;
