import type { DashboardLink } from '../rule.ts';

/** Where the evidence of an alert is drawn; a page for each kind of label that tells alerts apart. */
const cluster = ['environment', 'cluster'] as const;
const namespace = [...cluster, 'namespace'] as const;
const service = [...namespace, 'service'] as const;

export const serviceOverview = {
  uid: 'service-overview',
  variables: service,
} as const satisfies DashboardLink;
export const eventProcessing = {
  uid: 'event-processing',
  variables: service,
} as const satisfies DashboardLink;
export const websocket = { uid: 'websocket', variables: service } as const satisfies DashboardLink;
export const taskWork = { uid: 'task-work', variables: service } as const satisfies DashboardLink;
export const slos = { uid: 'slos', variables: [...service, 'slo'] } as const satisfies DashboardLink;
export const logs = { uid: 'logs', variables: service } as const satisfies DashboardLink;
export const dapr = { uid: 'dapr', variables: service } as const satisfies DashboardLink;
export const kafka = { uid: 'kafka', variables: cluster } as const satisfies DashboardLink;
export const kafkaTopic = { uid: 'kafka', variables: [...cluster, 'topic'] } as const satisfies DashboardLink;
export const kafkaGroup = {
  uid: 'kafka',
  variables: [...cluster, 'topic', 'consumergroup'],
} as const satisfies DashboardLink;
export const logPipeline = { uid: 'log-pipeline', variables: namespace } as const satisfies DashboardLink;
export const workloads = { uid: 'kubernetes', variables: namespace } as const satisfies DashboardLink;
export const nodes = { uid: 'kubernetes', variables: cluster } as const satisfies DashboardLink;
export const hosts = { uid: 'hosts', variables: [...cluster, 'instance'] } as const satisfies DashboardLink;
export const stack = { uid: 'stack', variables: cluster } as const satisfies DashboardLink;
