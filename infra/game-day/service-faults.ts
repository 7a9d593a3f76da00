import { burnRateName } from '../../alerts/slo/alerts.ts';
import type { FaultKind } from '../../services/kit/faults/kinds.ts';
import { events } from '../../telemetry/contract/events.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import {
  allow,
  aloneIfBackend,
  backend,
  backendFails,
  backlog,
  budgetSpent,
  disconnected,
  failures,
  ifBackend,
  restarts,
} from './consequences.ts';
import { type AlertOf, type Consequence, type Expectation, overlap } from './expectation.ts';

const raised = (service: string, family: string): AlertOf => ({ family, service });

/** What must be raised need not be allowed as well. */
const expecting = (
  raises: Expectation['raises'],
  allows: readonly Consequence[],
  more: Omit<Expectation, 'raises' | 'allows'> = {},
): Expectation => ({
  raises,
  allows: allows.filter(
    (one) => !raises.some((other) => other.severity === undefined && overlap(one, other)),
  ),
  ...more,
});

/** Who gets what a service publishes. */
const subscribersOf = (publisher: ServiceName): readonly ServiceName[] => {
  const published = Object.values(events).filter(({ publishers }) =>
    publishers.some((name) => name === publisher),
  );
  return [...new Set(published.flatMap(({ subscribers }) => subscribers))];
};

const publishing: Readonly<Partial<Record<ServiceName, AlertOf>>> = {
  notification: raised('notification', 'RemindersNotSent'),
  sync: raised('sync', 'SyncPushesFailing'),
};

/** What each fault of a service raises. */
export const serviceFaults: Readonly<Record<FaultKind, (service: ServiceName) => Expectation>> = {
  errors: (service) =>
    expecting(
      service === backend
        ? [
            raised(service, 'HighErrorRatio'),
            raised(service, 'EventProcessingErrors'),
            { ...raised(service, burnRateName('backend-api-request-errors')), severity: 'critical' },
          ]
        : [raised(service, 'EventProcessingErrors')],
      [...failures(service), ...ifBackend(service, backendFails)],
    ),

  latency: (service) =>
    expecting(
      [raised(service, 'HighLatency')],
      [
        ...allow(service, 'requests that last longer are more at once', 'RequestsPileUp'),
        ...(service === backend ? budgetSpent(service, 'latency') : []),
        ...ifBackend(
          service,
          allow(
            'recurring-task',
            'it waits for backend-api’s answers, and gives up',
            'RecurringTasksFailing',
          ),
          backlog('recurring-task'),
        ),
      ],
    ),

  database: (service) =>
    expecting(
      [raised(service, 'DatabaseErrors')],
      [
        ...failures(service),
        ...allow(
          service,
          'the check asks the database, too, and fails as often as other statements',
          'HealthCheckFailing',
        ),
        ...budgetSpent(service, 'health'),
        ...ifBackend(
          service,
          backendFails,
          disconnected,
          allow(service, 'the outbox is in the database', 'EventPublishErrors'),
          allow(service, 'a login looks the user up', 'AuthenticationFailures'),
        ),
      ],
    ),

  'event-publish': (service) => {
    const work = publishing[service];
    const failing = raised(service, 'EventPublishErrors');
    return expecting(work === undefined ? [failing] : [failing, work], [
      ...failures(service),
      ...subscribersOf(service).flatMap(backlog),
      ...ifBackend(service, allow(backend, 'what cannot be published waits in the outbox', 'OutboxWaiting')),
    ]);
  },

  'auth-failures': (service) =>
    expecting(
      [raised(service, 'AuthenticationFailures')],
      [
        ...allow(service, 'who could not log in again is refused', 'UnauthorizedRequests'),
        ...allow(
          service,
          'to the logs it looks as if passwords were tried out',
          'PasswordGuessing',
          'PasswordSpraying',
        ),
      ],
    ),

  'websocket-drop': (service) =>
    expecting(
      [raised(service, 'WebSocketDropRate'), raised(service, 'WebSocketReconnectStorm')],
      [
        ...disconnected,
        ...allow(backend, 'each user’s connection breaks again and again', 'WebSocketFlapping'),
      ],
    ),

  'slow-consumer': (service) =>
    expecting([raised(service, 'EventLagHigh'), raised(service, 'EventLatencyHigh')], backlog(service)),

  'poison-event': () =>
    expecting(
      [
        raised('recurring-task', 'DeadLetters'),
        raised('notification', 'DeadLetters'),
        raised('sync', 'DeadLetters'),
        raised('audit', 'DeadLetters'),
      ],
      events['sightline.task.created'].subscribers.flatMap((subscriber) =>
        allow(
          subscriber,
          'an event that cannot be read is a failed delivery, and an error in the log',
          'EventProcessingErrors',
          'ErrorLogBurst',
          'ErrorsOfOneKind',
          'DaprDeliveryFailures',
        ),
      ),
      { deadLetters: 'discard' },
    ),

  memory: (service) =>
    expecting(
      [raised(service, 'HighMemory')],
      allow(service, 'filling 32 MiB holds the event loop for a moment', 'EventLoopLag'),
    ),

  crash: (service) =>
    expecting(
      [raised(service, 'ServiceRestarting')],
      [...restarts(service), ...failures(service), ...ifBackend(service, backendFails, disconnected)],
      // A process starts, and is started again, no faster than ever: it must not live long in between.
      { rate: 0.5, ...aloneIfBackend(service) },
    ),
};
