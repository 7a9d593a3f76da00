import { eventMetrics } from '../../../telemetry/contract/metrics-events.ts';
import { runtimeMetrics } from '../../../telemetry/contract/metrics-runtime.ts';
import { type ServiceName, serviceNames } from '../../../telemetry/contract/services.ts';

interface FaultKindDefinition {
  readonly services: readonly ServiceName[];
  /** What happens, in terms of the rate. */
  readonly description: string;
  /** Greater than 0, at most 1. */
  readonly defaultRate: number;
}

const everyService = serviceNames;
const withDatabase = runtimeMetrics.db_client_operation_duration_seconds.services;
const publishers = eventMetrics.events_published_total.services;
const subscribers = eventMetrics.events_processed_total.services;

/** What can be made to go wrong on demand, and where. */
export const faultKinds = {
  errors: {
    services: everyService,
    description: 'this share of requests is answered with 500, and of event deliveries fails',
    defaultRate: 0.3,
  },
  latency: {
    services: everyService,
    description: 'this share of requests is held up by one to three seconds',
    defaultRate: 0.5,
  },
  database: {
    services: withDatabase,
    description: 'this share of SQL statements fails',
    defaultRate: 0.3,
  },
  'event-publish': {
    services: publishers,
    description: 'this share of attempts to publish an event fails',
    defaultRate: 0.5,
  },
  'auth-failures': {
    services: ['backend-api'],
    description: 'this share of logins is refused, right password or not',
    defaultRate: 0.8,
  },
  'websocket-drop': {
    services: ['backend-api'],
    description: 'each second, and at each update pushed, this share of connections is cut without a close',
    defaultRate: 0.3,
  },
  'slow-consumer': {
    services: subscribers,
    description: 'this share of event deliveries takes ten seconds longer',
    defaultRate: 1,
  },
  'poison-event': {
    services: ['backend-api'],
    description: 'each second, with this probability, publishes an event that no subscriber can read',
    defaultRate: 0.2,
  },
  memory: {
    services: everyService,
    description: 'holds this share of 768 MiB, growing by 32 MiB a second',
    defaultRate: 1,
  },
  crash: {
    services: everyService,
    description: 'each second, with this probability, the process exits with code 1',
    defaultRate: 0.1,
  },
} as const satisfies Record<string, FaultKindDefinition>;

export type FaultKind = keyof typeof faultKinds;

export const faultKindNames = Object.keys(faultKinds) as readonly FaultKind[];

export function canHaveFault(service: ServiceName, kind: FaultKind): boolean {
  const allowed: readonly ServiceName[] = faultKinds[kind].services;
  return allowed.includes(service);
}
