import type { StoreName } from '../config/loki.ts';
import type { EnvironmentConfig } from '../config.ts';

type Storage = NonNullable<EnvironmentConfig['loki']['storage']>;

/** Each store with workload identity where its cloud has it: for golden files, and to be held against the real Loki. */
const exampleStores: Readonly<Record<StoreName, Storage>> = {
  s3: {
    s3: {
      bucket: 'sightline-logs',
      region: 'eu-central-1',
      roleArn: 'arn:aws:iam::123456789012:role/loki',
    },
  },
  oci: { oci: { bucket: 'sightline-logs', region: 'eu-frankfurt-1', namespace: 'examplenamespace' } },
  azure: {
    azure: {
      container: 'sightline-logs',
      account: 'sightlinelogs',
      clientId: '00000000-0000-4000-8000-000000000000',
    },
  },
  gcs: {
    gcs: {
      bucket: 'sightline-logs',
      serviceAccount: 'loki-logs@example-project.iam.gserviceaccount.com',
    },
  },
};

/** The environment with a distributed Loki on a store. */
export const onStore = (config: EnvironmentConfig, store: StoreName): EnvironmentConfig =>
  distributedOn(config, exampleStores[store]);

export const distributedOn = (config: EnvironmentConfig, storage: Storage): EnvironmentConfig => ({
  ...config,
  loki: { ...config.loki, mode: 'distributed', storage },
});
