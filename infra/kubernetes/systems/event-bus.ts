import { serviceNames } from '../../../telemetry/contract/services.ts';
import {
  busName,
  busOverKafka,
  busOverRedis,
  type ComponentSpec,
  deliveries,
  type RedisAddress,
  stateInRedis,
  stateName,
} from '../../dapr/components.ts';
import { type ClusterContext, metadata, type Part } from '../context.ts';
import { type KafkaAccess, kafkaAccess } from '../kafka.ts';
import { type KubernetesObject, type ObjectOf, object } from '../object.ts';

const kafkaSecret = { name: 'event-bus-kafka', key: 'password' } as const;

/** What the services' sidecars share: the bus, where they count attempts, and how often they hand an event over. */
export function eventBus(
  context: ClusterContext,
  shared: Part,
  redisSecret: string,
): { readonly secrets: readonly ObjectOf<'Secret'>[]; readonly objects: readonly KubernetesObject[] } {
  const { events, eventBus: host, eventBusTls: tls } = context.kubernetes.services;
  const redis: RedisAddress = { host, tls, password: { name: redisSecret, key: 'password' } };
  const kafka = events === 'kafka' ? kafkaAccess(context) : undefined;
  const component = (name: string, spec: ComponentSpec): ObjectOf<'Component'> =>
    object('Component', metadata(shared, name), { spec: { ...spec }, scopes: [...serviceNames] });
  return {
    secrets: kafka?.sasl
      ? [
          object('Secret', metadata(shared, kafkaSecret.name), {
            stringData: { [kafkaSecret.key]: { secretRef: 'KAFKA_PASSWORD' } },
          }),
        ]
      : [],
    objects: [
      component(busName, kafka ? busOverKafka(kafka.brokers, admission(kafka)) : busOverRedis(redis)),
      component(stateName, stateInRedis(redis)),
      object('Resiliency', metadata(shared, 'deliveries'), { spec: deliveries, scopes: [...serviceNames] }),
    ],
  };
}

/** Dapr's names of Kafka's mechanisms. */
const mechanisms: Readonly<Record<string, string>> = {
  PLAIN: 'PLAINTEXT',
  'SCRAM-SHA-256': 'SHA-256',
  'SCRAM-SHA-512': 'SHA-512',
};

/** How the brokers let sidecars in. */
function admission({ tls, ca, sasl }: KafkaAccess) {
  const setting = (name: string, value: string) => ({ name, value });
  return [
    setting('authType', sasl ? 'password' : 'none'),
    ...(sasl
      ? [
          setting('saslUsername', sasl.user),
          { name: 'saslPassword', secretKeyRef: kafkaSecret },
          setting('saslMechanism', mechanisms[sasl.mechanism] ?? sasl.mechanism),
        ]
      : []),
    setting('disableTls', String(!tls)),
    ...(ca === undefined ? [] : [setting('caCert', ca)]),
  ];
}
