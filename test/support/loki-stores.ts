import type { StoreName } from '../../infra/config/loki.ts';
import { readEnvironment } from '../../infra/config.ts';
import { buildEnvironment, type EnvironmentStack } from '../../infra/stack.ts';

/** Production with its log lines in each store, with workload identity where the cloud has it. */
const storages = {
  s3: { bucket: 'sightline-logs', region: 'eu-central-1', roleArn: 'arn:aws:iam::123456789012:role/loki' },
  oci: { bucket: 'sightline-logs', region: 'eu-frankfurt-1', namespace: 'examplenamespace' },
  azure: {
    container: 'sightline-logs',
    account: 'sightlinelogs',
    clientId: '00000000-0000-4000-8000-000000000000',
  },
  gcs: { bucket: 'sightline-logs', serviceAccount: 'loki-logs@example-project.iam.gserviceaccount.com' },
} as const satisfies Readonly<Record<StoreName, object>>;

export const stackOn = (store: StoreName): EnvironmentStack => {
  const config = readEnvironment('prod');
  if (!config.urls) throw new TypeError('production has no addresses');
  return buildEnvironment({
    config: {
      ...config,
      loki: { ...config.loki, mode: 'distributed', storage: { [store]: storages[store] } },
    },
    urls: config.urls,
  });
};
