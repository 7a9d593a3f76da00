import { burnRateName } from '../../alerts/slo/alerts.ts';
import type { EmitterName } from '../../telemetry/contract/pipeline.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { type Indicator, slos } from '../../telemetry/contract/slos.ts';
import type { Consequence, Expectation } from './expectation.ts';

export const backend = 'backend-api';

/** These families about one subject, all for the same reason. */
export const allow = (
  service: string,
  because: string,
  ...families: readonly string[]
): readonly Consequence[] => families.map((family) => ({ family, service, because }));

/** What says that a service fails at what it is there for. */
const failedWork: Readonly<Record<ServiceName, readonly string[]>> = {
  'backend-api': ['TaskOperationsFailing'],
  'recurring-task': ['RecurringTasksFailing'],
  notification: ['RemindersNotSent'],
  sync: ['SyncPushesFailing'],
  audit: ['AuditNotWritten'],
};

/** What says that it does it late. */
const lateWork: Readonly<Record<ServiceName, readonly string[]>> = {
  'backend-api': [],
  'recurring-task': ['RecurringTasksLate'],
  notification: ['RemindersLate'],
  sync: ['SyncBehind'],
  audit: ['AuditWritesSlow', 'AuditSilent'],
};

/** Its error budget is spent, of the SLOs that measure this. */
export const budgetSpent = (service: EmitterName, kind: Indicator['kind']): readonly Consequence[] =>
  slos
    .filter((slo) => slo.service === service && slo.indicator.kind === kind)
    .map(({ id }) => ({
      family: burnRateName(id),
      service,
      because: 'it spends the error budget of this SLO',
      outlasts: 'its slow windows are hours and days long: what was spent is not forgotten with the fault',
    }));

/** A share of its requests and deliveries fails, whatever the reason. */
export const failures = (service: ServiceName): readonly Consequence[] => [
  ...allow(
    service,
    'what fails is answered with 500, tried again, and written to the log',
    'HighErrorRatio',
    'EventProcessingErrors',
    'ErrorLogBurst',
    'ErrorsOfOneKind',
    ...(service === backend ? ['TaskCreationFailsForUsers'] : []),
  ),
  ...budgetSpent(service, 'ratio'),
  ...allow(service, 'an event that fails five times is given up', 'DeadLetters'),
  ...notTaken(service),
  ...allow(service, 'it does less of its work', ...failedWork[service]),
  ...backlog(service),
];

/** Where there is a sidecar, it counts each delivery in vain. */
const notTaken = (service: ServiceName): readonly Consequence[] =>
  allow(service, 'its sidecar hands it events that it does not take', 'DaprDeliveryFailures');

/** Events wait for it, and are old when it gets to them. */
export const backlog = (service: ServiceName): readonly Consequence[] => [
  ...allow(
    service,
    'events wait while it is away, slow or trying again, and are old when it gets to them',
    'EventLagHigh',
    'EventLatencyHigh',
    'StalledConsumer',
    'EventProcessingRateDropped',
    ...lateWork[service],
  ),
  ...(service === 'sync' ? [...budgetSpent(service, 'latency'), ...burstOfUpdates] : []),
];

/** What sync works off after a pause arrives at backend-api at once. */
const burstOfUpdates = allow(
  backend,
  'sync hands on all that had waited at once',
  'EventLagHigh',
  'EventLatencyHigh',
);

/** Its process ends and starts. */
export const restarts = (service: ServiceName): readonly Consequence[] => [
  ...allow(
    service,
    'a process takes as long as ever to start, while the alerts’ clock runs faster',
    'ServiceDown',
    'ServiceRestarting',
    'HealthCheckFailing',
    'EventLoopLag',
    'HighLatency',
  ),
  ...budgetSpent(service, 'health'),
  ...notTaken(service),
  ...backlog(service),
];

/** recurring-task asks backend-api to create each next occurrence: what fails there fails here. */
export const backendFails: readonly Consequence[] = failures('recurring-task');

/** Everybody’s WebSocket ends with backend-api’s process. */
export const disconnected: readonly Consequence[] = allow(
  backend,
  'its WebSockets end with it, and all clients come back at once',
  'WebSocketDropRate',
  'WebSocketReconnectStorm',
  'WebSocketNoConnections',
  'WebSocketDeliveryFailures',
);

/** What others notice when it is backend-api that has the fault. */
export const ifBackend = (
  service: ServiceName,
  ...consequences: readonly (readonly Consequence[])[]
): readonly Consequence[] => (service === backend ? consequences.flat() : []);

/** The events of the others come from backend-api: without them, nothing of theirs could fail. */
export const aloneIfBackend = (service: ServiceName): Pick<Expectation, 'alone'> =>
  service === backend
    ? { alone: 'no event flows without backend-api, and the others have nothing that could fail' }
    : {};
