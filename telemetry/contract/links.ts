/**
 * The ids by which rooms refer to each other without importing each other: dashboards link to runbooks,
 * alerts to dashboards. `infra/stack.ts` checks that every reference resolves.
 */

/** Dashboards by uid, with the variables that a link may fill. */
export const dashboards = {
  'service-overview': {
    title: 'Service Overview',
    variables: ['environment', 'cluster', 'namespace', 'service', 'instance'],
  },
} as const satisfies Record<string, { readonly title: string; readonly variables: readonly string[] }>;

export type DashboardUid = keyof typeof dashboards;

/** Fixed uids of the provisioned data sources. */
export const datasources = {
  prometheus: { uid: 'prometheus', type: 'prometheus', name: 'Prometheus' },
  loki: { uid: 'loki', type: 'loki', name: 'Loki' },
  alertmanager: { uid: 'alertmanager', type: 'alertmanager', name: 'Alertmanager' },
} as const;

export const severities = ['critical', 'warning', 'info', 'none'] as const;
export type Severity = (typeof severities)[number];
