import { events } from '../../telemetry/contract/events.ts';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import type { Extra } from '../local/extras.ts';
import { allow, backend, backlog, failures, ifBackend, restarts } from './consequences.ts';
import type { AlertOf, Consequence, Expectation } from './expectation.ts';
import { brokersMissing, readerStuck, readersLate, withoutQueue } from './kafka-consequences.ts';

const publishers: readonly ServiceName[] = serviceNames.filter((name) =>
  Object.values(events).some((event) =>
    event.publishers.some((publisher: ServiceName) => publisher === name),
  ),
);

/** What a publisher says when its events are not taken. */
const unpublished = (service: ServiceName): readonly Consequence[] => [
  ...allow(
    service,
    'its sidecar cannot hand its events on, and says so slowly',
    'DaprPublishFailures',
    'DaprRequestErrors',
    'DaprLatencyHigh',
    'EventPublishErrors',
  ),
  ...ifBackend(service, allow(backend, 'what cannot be published waits in the outbox', 'OutboxWaiting')),
];

const withoutState = (service: ServiceName): readonly Consequence[] =>
  allow(
    service,
    'its sidecar cannot count attempts and says so slowly, and events are handled without',
    'DaprStateFailures',
    'DaprRequestErrors',
    'DaprLatencyHigh',
    'ErrorLogBurst',
    'ErrorsOfOneKind',
    // Events come as requests.
    'HighLatency',
  );

/** Without it no event is taken or handed out; all that was accepted comes late. */
const brokerStops = (more: readonly Consequence[], ...seen: readonly AlertOf[]): Expectation => ({
  raises: [{ family: 'DaprPublishFailures', service: backend }, ...seen],
  allows: [
    ...publishers
      .flatMap(unpublished)
      .filter(({ family, service }) => family !== 'DaprPublishFailures' || service !== backend),
    ...serviceNames.flatMap(failures),
    ...more,
  ],
  alone: 'no event flows without the broker, and nobody has anything that could fail',
});

const redisStops: Expectation = {
  raises: [{ family: 'DaprStateFailures', service: 'audit' }],
  allows: serviceNames
    .flatMap((name) => [...withoutState(name), ...backlog(name)])
    .filter(({ family, service }) => family !== 'DaprStateFailures' || service !== 'audit'),
  alone: 'every sidecar keeps its state there',
};

/** The service goes on without a bus: it can neither publish nor be handed anything, and its check says so. */
const sidecarStops = (service: ServiceName, withKafka: boolean): Expectation => ({
  raises: [
    { family: 'HealthCheckFailing', service },
    // Of backend-api's own topic nothing new comes when nothing is published.
    ...(withKafka && service !== backend ? [readerStuck] : []),
  ],
  allows: [
    ...(withKafka
      ? readersLate.filter(({ family }) => service === backend || family !== readerStuck.family)
      : []),
    ...unpublished(service),
    ...withoutState(service),
    ...failures(service),
    ...restarts(service).filter(({ family }) => family !== 'HealthCheckFailing'),
    // What it hands on, others get late.
    ...serviceNames.filter((name) => name !== service).flatMap(backlog),
  ],
  ...(service === backend && { alone: 'no event flows without what backend-api publishes' }),
});

/** What the end of a process raises that runs only with these extras, by its name in the plan. */
export function extraStops(extras: readonly Extra[]): Readonly<Record<string, Expectation>> {
  const withKafka = extras.includes('kafka');
  return {
    ...(extras.includes('dapr') && {
      redis: withKafka ? redisStops : brokerStops(serviceNames.flatMap(withoutState)),
      ...Object.fromEntries(serviceNames.map((name) => [`${name}-dapr`, sidecarStops(name, withKafka)])),
    }),
    ...(withKafka && {
      kafka: brokerStops([...readersLate, ...withoutQueue], brokersMissing),
      'kafka-exporter': { raises: [{ family: 'TargetDown', service: 'kafka-exporter' }], allows: [] },
    }),
  };
}
