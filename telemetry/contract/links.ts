/**
 * The ids by which rooms refer to each other without importing each other: dashboards link to runbooks,
 * alerts to dashboards. `infra/stack.ts` checks that every reference resolves.
 */

import { type ServiceName, serviceNames } from './services.ts';

const place = ['environment', 'cluster', 'namespace'] as const;

/** Folders of dashboards by uid, with their titles; the uid is the name of their directory, too. */
export const dashboardFolders = {
  overview: 'Overview',
  services: 'Services',
  platform: 'Platform',
} as const;

export type DashboardFolder = keyof typeof dashboardFolders;

interface ServiceDashboard {
  readonly title: string;
  readonly folder: 'services';
  readonly variables: readonly [...typeof place, 'instance'];
}

const ofService = (name: ServiceName): ServiceDashboard => ({
  title: `Service: ${name}`,
  folder: 'services',
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
    folder: 'overview',
    variables: [...place, 'service', 'instance'],
  },
  home: { title: 'Home', folder: 'overview', variables: ['environment', 'cluster'] },
  'event-processing': {
    title: 'Event Processing',
    folder: 'services',
    variables: [...place, 'service', 'instance'],
  },
  websocket: { title: 'WebSocket', folder: 'services', variables: [...place, 'service', 'instance'] },
  'task-work': { title: 'Task work', folder: 'services', variables: [...place, 'service'] },
  slos: { title: 'SLOs', folder: 'overview', variables: [...place, 'service', 'slo'] },
  alerts: { title: 'Alerts', folder: 'overview', variables: [...place, 'service'] },
  logs: { title: 'Logs', folder: 'overview', variables: [...place, 'service'] },
  dapr: { title: 'Dapr', folder: 'platform', variables: [...place, 'service'] },
  kafka: {
    title: 'Kafka',
    folder: 'platform',
    variables: ['environment', 'cluster', 'topic', 'consumergroup'],
  },
  'log-pipeline': { title: 'Log pipeline', folder: 'platform', variables: place },
  kubernetes: { title: 'Kubernetes', folder: 'platform', variables: place },
  hosts: { title: 'Hosts', folder: 'platform', variables: ['environment', 'cluster', 'instance'] },
  stack: { title: 'Stack', folder: 'platform', variables: ['environment', 'cluster'] },
  'query-library': { title: 'Query library', folder: 'overview', variables: [] },
  ...ofEveryService(),
} as const satisfies Record<
  string,
  { readonly title: string; readonly folder: DashboardFolder; readonly variables: readonly string[] }
>;

export type DashboardUid = keyof typeof dashboards;

/** Fixed uids of the provisioned data sources. */
export const datasources = {
  prometheus: { uid: 'prometheus', type: 'prometheus', name: 'Prometheus' },
  loki: { uid: 'loki', type: 'loki', name: 'Loki' },
  alertmanager: { uid: 'alertmanager', type: 'alertmanager', name: 'Alertmanager' },
} as const;

/** The data source of traces, where an environment has a trace store. */
export const traceSource = { uid: 'traces', name: 'Traces' } as const;

export const severities = ['critical', 'warning', 'info', 'none'] as const;
export type Severity = (typeof severities)[number];
