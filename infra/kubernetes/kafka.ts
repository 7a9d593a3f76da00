import { componentPorts } from '../../telemetry/contract/ports.ts';
import { type ClusterContext, metadata, namespaces, type Part } from './context.ts';
import { type Container, type ObjectOf, object } from './object.ts';

/** Brokers as clients of a cluster reach them. */
export interface KafkaAccess {
  /** `host:port` */
  readonly brokers: readonly string[];
  readonly tls: boolean;
  /** Certificates of authorities, in PEM; those that the image trusts when left out. */
  readonly ca?: string | undefined;
  readonly sasl?: { readonly mechanism: string; readonly user: string } | undefined;
}

/** Our own broker of a single node; its Service. */
export const kafkaName = 'kafka';
export const kafkaExporterName = 'kafka-exporter';

export const hasOwnKafka = ({ kubernetes }: ClusterContext): boolean =>
  kubernetes.kafka?.single !== undefined;

/** Where the environment's Kafka is, if it has one. */
export function kafkaAccess({ kubernetes }: ClusterContext): KafkaAccess | undefined {
  const { single, existing } = kubernetes.kafka ?? {};
  if (single)
    return { brokers: [`${kafkaName}.${namespaces.stack}.svc:${componentPorts.kafka}`], tls: false };
  return existing;
}

const secretKey = 'KAFKA_SASL_PASSWORD';
const caFile = 'ca.pem';
const caDir = '/etc/sightline/kafka';

/** What a client of the brokers needs in its pod. */
export interface KafkaClient {
  readonly env: NonNullable<Container['env']>;
  readonly mounts: NonNullable<Container['volumeMounts']>;
  readonly volumes: readonly { readonly name: string; readonly configMap: { readonly name: string } }[];
  readonly secrets: readonly ObjectOf<'Secret'>[];
  readonly config: readonly ObjectOf<'ConfigMap'>[];
}

export const noKafka: KafkaClient = { env: [], mounts: [], volumes: [], secrets: [], config: [] };

/** The password and the authority as objects beside `owner`, and how a container reads them; nothing where there is no Kafka. */
export function kafkaClient(context: ClusterContext, owner: Part): KafkaClient {
  const access = kafkaAccess(context);
  if (!access) return noKafka;
  const { brokers, tls, ca, sasl } = access;
  const name = `${owner.name}-kafka`;
  const values = {
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_TLS: String(tls),
    ...(ca !== undefined && { KAFKA_CA_FILE: `${caDir}/${caFile}` }),
    ...(sasl && { KAFKA_SASL_MECHANISM: sasl.mechanism, KAFKA_SASL_USERNAME: sasl.user }),
  };
  return {
    env: [
      ...Object.entries(values).map(([key, value]) => ({ name: key, value })),
      ...(sasl ? [{ name: secretKey, valueFrom: { secretKeyRef: { name, key: secretKey } } }] : []),
    ],
    ...(ca === undefined
      ? { mounts: [], volumes: [], config: [] }
      : {
          mounts: [{ name: 'kafka', mountPath: caDir, readOnly: true }],
          volumes: [{ name: 'kafka', configMap: { name } }],
          config: [object('ConfigMap', metadata(owner, name), { data: { [caFile]: ca } })],
        }),
    secrets: sasl
      ? [
          object('Secret', metadata(owner, name), {
            stringData: { [secretKey]: { secretRef: 'KAFKA_PASSWORD' } },
          }),
        ]
      : [],
  };
}
