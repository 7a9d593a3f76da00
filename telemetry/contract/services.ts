import type { Team } from './teams.ts';

export interface Service {
  /** Before any offset. */
  readonly port: number;
  readonly description: string;
  /** Whom alerts about it belong to. */
  readonly team: Team;
}

/** The sample services, where they listen, and whose they are. */
export const services = {
  'backend-api': {
    port: 8000,
    description: 'REST tasks, login, WebSocket updates; publishes task events',
    team: 'tasks',
  },
  'recurring-task': {
    port: 8001,
    description: 'Creates the next occurrence of recurring tasks',
    team: 'tasks',
  },
  notification: { port: 8002, description: 'Schedules and sends reminders', team: 'collaboration' },
  sync: { port: 8003, description: 'Pushes changes to connected clients', team: 'collaboration' },
  audit: { port: 8004, description: 'Writes the audit trail', team: 'compliance' },
} as const satisfies Record<string, Service>;

export type ServiceName = keyof typeof services;

export const serviceNames = Object.keys(services) as readonly ServiceName[];

/** Dapr's container beside a service: it carries the service's labels, and answers while the service does not. */
export const sidecarContainer = 'daprd';

/** Kubernetes namespaces: what emits, and what observes. */
export const namespaces = { services: 'tasks', stack: 'monitoring' } as const;

/** The platform's own tenant in Loki; Promtail, ruler, Grafana and preview use it. */
export const platformTenant = 'platform';
