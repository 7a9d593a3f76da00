/**
 * The ids by which rooms refer to each other without importing each other: dashboards link to runbooks,
 * alerts to dashboards. `infra/stack.ts` checks that every reference resolves.
 */

import { type ServiceName, serviceNames } from './services.ts';

const place = ['environment', 'cluster', 'namespace'] as const;

interface ServiceDashboard {
  readonly title: string;
  readonly variables: readonly [...typeof place, 'instance'];
}

const ofService = (name: ServiceName): ServiceDashboard => ({
  title: `Service: ${name}`,
  variables: [...place, 'instance'],
});

function ofEveryService(): Readonly<Record<`service-${ServiceName}`, ServiceDashboard>> {
  const entries = serviceNames.map((name) => [`service-${name}`, ofService(name)]);
  return Object.fromEntries(entries) as Record<`service-${ServiceName}`, ServiceDashboard>;
}

/** Dashboards by uid, with the variables that a link may fill. */
export const dashboards = {
  'service-overview': {
    title: 'Service Overview',
    variables: [...place, 'service', 'instance'],
  },
  home: { title: 'Home', variables: ['environment', 'cluster'] },
  'event-processing': { title: 'Event Processing', variables: [...place, 'service', 'instance'] },
  websocket: { title: 'WebSocket', variables: [...place, 'service', 'instance'] },
  'task-work': { title: 'Task work', variables: [...place, 'service'] },
  slos: { title: 'SLOs', variables: [...place, 'service', 'slo'] },
  alerts: { title: 'Alerts', variables: [...place, 'service'] },
  logs: { title: 'Logs', variables: [...place, 'service'] },
  dapr: { title: 'Dapr', variables: [...place, 'service'] },
  kafka: { title: 'Kafka', variables: ['environment', 'cluster', 'topic', 'consumergroup'] },
  kubernetes: { title: 'Kubernetes', variables: place },
  hosts: { title: 'Hosts', variables: ['environment', 'cluster', 'instance'] },
  stack: { title: 'Stack', variables: ['environment', 'cluster'] },
  'query-library': { title: 'Query library', variables: [] },
  ...ofEveryService(),
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
