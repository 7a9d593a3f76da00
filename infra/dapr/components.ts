import { deadLetterTopicOf, events } from '../../telemetry/contract/events.ts';
import { topics } from '../../telemetry/contract/labels.ts';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';

/** Dapr's names for the bus and for the store of what the sidecars keep; the services ask for them by these. */
export const busName = 'pubsub';
export const stateName = 'state';

/** Events that a topic keeps; at half a kilobyte each, 50 MB. */
const maxStreamLength = 100_000;

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

type Setting =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secretKeyRef: SecretKey };

/** `spec` of Dapr's Component. */
export interface ComponentSpec {
  readonly type: string;
  readonly version: 'v1';
  readonly metadata: readonly Setting[];
}

export interface RedisAddress {
  /** `host:port` */
  readonly host: string;
  readonly tls: boolean;
  readonly password: SecretKey;
}

const settings = (values: Readonly<Record<string, string>>): readonly Setting[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

const connection = ({ host, tls, password }: RedisAddress): readonly Setting[] => [
  { name: 'redisHost', value: host },
  { name: 'redisPassword', secretKeyRef: password },
  { name: 'enableTLS', value: String(tls) },
  // A Redis that is away is asked for a few seconds, not as fast as the machine can.
  ...settings({ redisMinRetryInterval: '200ms', redisMaxRetryInterval: '1s' }),
];

/** The bus as streams of Redis. */
export const busOverRedis = (redis: RedisAddress): ComponentSpec => ({
  type: 'pubsub.redis',
  version: 'v1',
  metadata: [
    ...connection(redis),
    // What a sidecar had in hand when it ended is handed out again; long enough for every retry of `deliveries`.
    ...settings({ processingTimeout: '30s', redeliverInterval: '5s' }),
    // Else a stream grows until Redis has no memory left.
    { name: 'maxLenApprox', value: String(maxStreamLength) },
    ...topicScopes(),
  ],
});

/** What the sidecars keep for their applications: how often an event was tried. */
export const stateInRedis = (redis: RedisAddress): ComponentSpec => ({
  type: 'state.redis',
  version: 'v1',
  metadata: connection(redis),
});

/**
 * The bus as topics of Kafka.
 * @param access how the brokers let sidecars in, by Dapr's names: authType and what belongs to it
 */
export const busOverKafka = (
  brokers: readonly string[],
  access: readonly Setting[] = settings({ authType: 'none' }),
): ComponentSpec => ({
  type: 'pubsub.kafka',
  version: 'v1',
  metadata: [
    { name: 'brokers', value: brokers.join(',') },
    ...access,
    ...settings({
      // Brokers from 4.0 on no longer speak what the sidecar takes by itself.
      version: '3.0.0',
      // What was published before a group first subscribed is its too.
      initialOffset: 'oldest',
      maxMessageBytes: '1048576',
    }),
    ...topicScopes(),
  ],
});

/**
 * A delivery is tried again for as long as the application asks for it: it counts attempts, keeps what it gives up on,
 * and only then answers DROP, upon which the sidecar puts a copy into the application's dead-letter topic. A limit of
 * Dapr's own would take events away from a service that is only away.
 */
export const deliveries = {
  policies: { retries: { deliveries: { policy: 'constant', duration: '5s', maxRetries: -1 } } },
  targets: { components: { [busName]: { inbound: { retry: 'deliveries' } } } },
} as const;

/** Who may publish and be told what, as the contract has it. */
function topicScopes(): readonly Setting[] {
  const all = [...topics, ...serviceNames.map(deadLetterTopicOf)].join(',');
  const topicsOf = (name: ServiceName, role: 'publishers' | 'subscribers'): readonly string[] => {
    const theirs = Object.values(events).filter((event) =>
      event[role].some((service: ServiceName) => service === name),
    );
    return [...new Set(theirs.map(({ topic }) => topic))];
  };
  const scopes = (of: (name: ServiceName) => readonly string[]): string =>
    serviceNames.map((name) => `${name}=${of(name).join(',')}`).join(';');
  return settings({
    allowedTopics: all,
    protectedTopics: all,
    publishingScopes: scopes((name) => [...topicsOf(name, 'publishers'), deadLetterTopicOf(name)]),
    subscriptionScopes: scopes((name) => topicsOf(name, 'subscribers')),
  });
}
