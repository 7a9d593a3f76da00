import { describe, expect, it } from 'vitest';
import { type LokiStore, lokiStore } from '../config/loki.ts';
import { readEnvironment } from '../config.ts';
import { onStore } from '../loki/example-stores.ts';
import { clusterContext } from './cluster-context.ts';
import { part } from './context.ts';
import { bucketAccess, storePorts } from './loki-bucket.ts';

const self = part(clusterContext('prod'), 'loki');
const prod = readEnvironment('prod');
const withIdentity = (name: 's3' | 'azure' | 'gcs'): LokiStore => lokiStore(onStore(prod, name).loki);

const said = (store: LokiStore) => {
  const { annotations, podLabels, args, env, secrets, mounts } = bucketAccess(store, self);
  return {
    identity: { ...annotations, ...podLabels },
    args,
    env: env.map(({ name }) => name),
    keys: secrets.flatMap(({ stringData }) => Object.keys(stringData)),
    mounts: mounts.map(({ mountPath }) => mountPath),
  };
};
const nothing = { identity: {}, args: [], env: [], keys: [], mounts: [] };

describe('how Loki reaches its bucket', () => {
  it('is nobody’s business where it keeps files', () => {
    expect(said({ kind: 'filesystem' })).toEqual(nothing);
    expect(storePorts({ kind: 'filesystem' })).toEqual([]);
  });

  it('is by its service account where the cloud takes it, without any secret', () => {
    expect(said(withIdentity('s3'))).toEqual({
      ...nothing,
      identity: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/loki' },
    });
    expect(said(withIdentity('azure'))).toEqual({
      ...nothing,
      identity: {
        'azure.workload.identity/client-id': '00000000-0000-4000-8000-000000000000',
        'azure.workload.identity/use': 'true',
      },
    });
    expect(said(withIdentity('gcs'))).toEqual({
      ...nothing,
      identity: { 'iam.gke.io/gcp-service-account': 'loki-logs@example-project.iam.gserviceaccount.com' },
    });
  });

  it.each<[string, LokiStore, Partial<ReturnType<typeof said>>]>([
    [
      'S3',
      { kind: 's3', bucket: 'logs', region: 'eu-central-1' },
      {
        env: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
        keys: ['LOKI_S3_ACCESS_KEY_ID', 'LOKI_S3_SECRET_ACCESS_KEY'],
      },
    ],
    [
      'OCI, by a Customer Secret Key',
      { kind: 'oci', bucket: 'logs', region: 'eu-frankfurt-1', namespace: 'examplens' },
      {
        env: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
        keys: ['LOKI_S3_ACCESS_KEY_ID', 'LOKI_S3_SECRET_ACCESS_KEY'],
      },
    ],
    [
      'Azure',
      { kind: 'azure', container: 'logs', account: 'example' },
      {
        args: ['-config.expand-env=true'],
        env: ['LOKI_AZURE_ACCOUNT_KEY'],
        keys: ['LOKI_AZURE_ACCOUNT_KEY'],
      },
    ],
    [
      'Google Cloud',
      { kind: 'gcs', bucket: 'logs' },
      { env: ['GOOGLE_APPLICATION_CREDENTIALS'], keys: ['LOKI_GCS_KEY'], mounts: ['/etc/loki/storage'] },
    ],
  ])('is a key in a Secret where no identity is said: %s', (_, store, expected) => {
    expect(said(store)).toEqual({ ...nothing, ...expected });
  });

  it('is let through by the ports of the store, and of the metadata that say who it is', () => {
    const s3 = { kind: 's3', bucket: 'logs', region: 'eu-central-1' } as const;
    expect(storePorts(s3)).toEqual([443]);
    expect(storePorts({ ...s3, endpoint: 'minio.example.com:9000' })).toEqual([443, 9000]);
    expect(storePorts(withIdentity('gcs'))).toEqual([443, 80, 988]);
  });
});
