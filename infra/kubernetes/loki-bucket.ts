import type { LokiStore } from '../config/loki.ts';
import { metadata, type Part } from './context.ts';
import { type Container, type ObjectOf, object, type PodSpec } from './object.ts';
import type { ClusterSecretName } from './secrets.ts';

/** What a process of Loki is given so that it reaches its bucket. */
interface BucketAccess {
  /** Of the service account, by which a cloud knows whom it speaks to. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env: NonNullable<Container['env']>;
  readonly volumes: NonNullable<PodSpec['volumes']>;
  readonly mounts: NonNullable<Container['volumeMounts']>;
  /** None where the cloud knows it by its service account. */
  readonly secrets: readonly ObjectOf<'Secret'>[];
}

const nothing = { args: [], env: [], volumes: [], mounts: [], secrets: [] } as const satisfies BucketAccess;
const secretName = 'loki-storage';
const keyFolder = '/etc/loki/storage';

/** Workload identity where the environment names one, else a key of the store in a Secret. */
export function bucketAccess(store: LokiStore, self: Part): BucketAccess {
  const secretOf = (...names: readonly ClusterSecretName[]): ObjectOf<'Secret'> =>
    object('Secret', metadata(self, secretName), {
      stringData: Object.fromEntries(names.map((secretRef) => [secretRef, { secretRef }])),
    });
  switch (store.kind) {
    case 'filesystem':
      return nothing;
    case 's3':
      return store.roleArn
        ? { ...nothing, annotations: { 'eks.amazonaws.com/role-arn': store.roleArn } }
        : s3Keys(secretOf);
    case 'oci':
      return s3Keys(secretOf);
    case 'azure':
      return store.clientId
        ? {
            ...nothing,
            annotations: { 'azure.workload.identity/client-id': store.clientId },
            podLabels: { 'azure.workload.identity/use': 'true' },
          }
        : {
            ...nothing,
            // Its client takes the key from the configuration alone, which names the variable.
            args: ['-config.expand-env=true'],
            env: [variable('LOKI_AZURE_ACCOUNT_KEY')],
            secrets: [secretOf('LOKI_AZURE_ACCOUNT_KEY')],
          };
    case 'gcs':
      return store.serviceAccount
        ? { ...nothing, annotations: { 'iam.gke.io/gcp-service-account': store.serviceAccount } }
        : {
            ...nothing,
            env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${keyFolder}/LOKI_GCS_KEY` }],
            volumes: [{ name: 'storage-key', secret: { secretName, defaultMode: 0o440 } }],
            mounts: [{ name: 'storage-key', mountPath: keyFolder, readOnly: true }],
            secrets: [secretOf('LOKI_GCS_KEY')],
          };
  }
}

const s3Keys = (secretOf: (...names: readonly ClusterSecretName[]) => ObjectOf<'Secret'>): BucketAccess => ({
  ...nothing,
  env: [
    variable('LOKI_S3_ACCESS_KEY_ID', 'AWS_ACCESS_KEY_ID'),
    variable('LOKI_S3_SECRET_ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY'),
  ],
  secrets: [secretOf('LOKI_S3_ACCESS_KEY_ID', 'LOKI_S3_SECRET_ACCESS_KEY')],
});

const variable = (key: ClusterSecretName, name: string = key) => ({
  name,
  valueFrom: { secretKeyRef: { name: secretName, key } },
});

/** Ports by which a store, and whoever says who Loki is, are reached. */
export function storePorts(store: LokiStore): readonly number[] {
  switch (store.kind) {
    case 'filesystem':
      return [];
    case 's3': {
      const port = Number(store.endpoint?.split(':')[1] ?? 443);
      return [...new Set([443, port])];
    }
    case 'oci':
    case 'azure':
      return [443];
    case 'gcs':
      // The metadata server of a node, at the two ports that GKE has it on.
      return store.serviceAccount ? [443, 80, 988] : [443];
  }
}
