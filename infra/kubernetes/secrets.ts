import { createHmac } from 'node:crypto';
import { type SecretForm, type SecretName, secrets } from '../../telemetry/contract/secrets.ts';

interface Secret {
  readonly form: SecretForm;
  readonly description: string;
  /** In characters. */
  readonly minLength?: number;
}

/** Secrets that only a cluster needs: what a laptop makes for itself, or does without. */
const clusterSecrets = {
  AUTH_SECRET: {
    form: 'token',
    description: 'What the services sign their tokens with, the same for all of them',
    minLength: 32,
  },
  EVENT_BUS_PASSWORD: {
    // As Redis has it: what `dapr init` makes is shorter than a password of ours.
    form: 'token',
    description: 'Password of the Redis that carries the events',
  },
  KAFKA_PASSWORD: {
    form: 'token',
    description: 'Password of `kubernetes.kafka.existing.sasl.user`',
  },
  LOG_CANARY_KEY: {
    form: 'token',
    description:
      'API key of the log canary, with the scopes write and read for one organization of its own; LOG_GATEWAY_KEYS must know it',
  },
  LOG_GATEWAY_KEYS: {
    form: 'json',
    description:
      'The file of API keys of the log gateway, as `npm run keys` writes it: it holds no key, only what each is recognised by',
  },
  LOG_REDIS_PASSWORD: {
    form: 'url-safe',
    description: 'Password of `kubernetes.logPipeline.redis`',
  },
  OTLP_HEADERS: {
    form: 'token',
    description:
      'Headers for the store of traces, such as authorization=Bearer%20…, with commas between them; percent signs in place of spaces',
  },
  LOKI_PASSWORD: {
    form: 'password',
    description: 'Password of the Loki that the cluster has already, of `kubernetes.existing.loki.user`',
  },
  GRAFANA_SECRET_KEY: {
    form: 'token',
    description: 'What Grafana encrypts in its database with, the same for all of its instances',
    minLength: 32,
  },
  GRAFANA_DATABASE_PASSWORD: {
    form: 'password',
    description: 'Password of the PostgreSQL database that more than one Grafana shares',
  },
  LOKI_S3_ACCESS_KEY_ID: {
    form: 'token',
    description: 'Access key of Loki’s bucket on S3, or of the Customer Secret Key on OCI',
  },
  LOKI_S3_SECRET_ACCESS_KEY: {
    form: 'token',
    description: 'The secret that belongs to LOKI_S3_ACCESS_KEY_ID',
  },
  LOKI_AZURE_ACCOUNT_KEY: {
    form: 'token',
    description: 'Key of the storage account, where `loki.storage.azure.clientId` is left out',
  },
  LOKI_GCS_KEY: {
    form: 'json',
    description: 'Key file of a service account, where `loki.storage.gcs.serviceAccount` is left out',
  },
} as const satisfies Record<string, Secret>;

export type ClusterSecretName = SecretName | keyof typeof clusterSecrets;

/** A secret by name, never by value; the target puts the value in its place. */
export interface ClusterSecretRef {
  readonly secretRef: ClusterSecretName;
}

/** Of pods: names of secrets whose change must start them anew; the target puts a checksum of the values there. */
export const secretsAnnotation = 'checksum/secrets';

/** Has enough entropy that checksums keyed by it tell nothing of short passwords: pods' annotations are read by many. */
export const checksumKey: ClusterSecretRef = { secretRef: 'AUTH_SECRET' };

/** A keyed checksum (HMAC-SHA-256) of values, in hexadecimal digits. */
export const secretChecksum = (key: string, values: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(values)).digest('hex');

/** Every secret that a cluster may be given, with what is asked for. */
export const secretTable: Readonly<Record<ClusterSecretName, Secret>> = { ...secrets, ...clusterSecrets };

export const isClusterSecret = (name: string): name is ClusterSecretName => Object.hasOwn(secretTable, name);
