import type { LokiStore } from '../config/loki.ts';

/** What stands in the configuration where the process puts the storage account's key: see `-config.expand-env`. */
const azureKey = '${LOKI_AZURE_ACCOUNT_KEY}';

interface StorageSections {
  /** Loki's name of the client, in the schema and for delete requests. */
  readonly client: 'filesystem' | 's3' | 'azure' | 'gcs';
  /** Of `common.storage`. */
  readonly common?: object;
  readonly storage_config?: object;
}

/** Where Loki keeps chunks and index. Credentials are never in it: each client finds them where its cloud puts them. */
export function storageSections(store: LokiStore, dataDir: string): StorageSections {
  if (store.kind === 'filesystem')
    return {
      client: 'filesystem',
      common: { filesystem: { chunks_directory: `${dataDir}/chunks` } },
    };
  const [client, settings] = clientOf(store);
  return {
    client,
    storage_config: { use_thanos_objstore: true, object_store: { [client]: settings } },
  };
}

function clientOf(
  store: Exclude<LokiStore, { readonly kind: 'filesystem' }>,
): readonly ['s3' | 'azure' | 'gcs', object] {
  switch (store.kind) {
    case 's3': {
      const { bucket, region, endpoint } = store;
      // Other makers' servers seldom have a host name a bucket.
      return [
        's3',
        endpoint
          ? { bucket_name: bucket, region, endpoint, bucket_lookup_type: 'path' }
          : { bucket_name: bucket, region, endpoint: `s3.${region}.amazonaws.com` },
      ];
    }
    case 'oci': {
      const { bucket, region, namespace } = store;
      const endpoint = `${namespace}.compat.objectstorage.${region}.oraclecloud.com`;
      return ['s3', { bucket_name: bucket, region, endpoint, bucket_lookup_type: 'path' }];
    }
    case 'azure': {
      const { container, account, clientId } = store;
      return [
        'azure',
        { account_name: account, container_name: container, ...(!clientId && { account_key: azureKey }) },
      ];
    }
    case 'gcs':
      return ['gcs', { bucket_name: store.bucket }];
  }
}

/** Index of every day since then in the bucket, by Loki's newest schema. */
export const schemaSection = (client: StorageSections['client']) => ({
  configs: [
    {
      from: '2024-01-01',
      store: 'tsdb',
      object_store: client,
      schema: 'v13',
      index: { prefix: 'index_', period: '24h' },
    },
  ],
});
