import type { CatalogueMetric } from './types.ts';

export const alertmanagerMetrics = {
  alertmanager_notifications_total: {
    type: 'counter',
    help: 'Notifications attempted',
    labels: ['integration'],
  },
  alertmanager_notifications_failed_total: {
    type: 'counter',
    help: 'Notifications that failed',
    labels: ['integration', 'reason'],
  },
  alertmanager_alerts: {
    type: 'gauge',
    help: 'Alerts that it has, whoever sent them, by whether they are active or suppressed',
    labels: ['state'],
  },
  alertmanager_cluster_members: {
    type: 'gauge',
    help: 'Members of the cluster as this one sees it, itself included; absent without clustering',
    labels: [],
  },
  alertmanager_config_last_reload_successful: {
    type: 'gauge',
    help: '1 when the last reload succeeded',
    labels: [],
  },
} as const satisfies Record<string, CatalogueMetric>;
