import { describe, expect, it } from 'vitest';
import { lokiStore } from './loki.ts';
import { schema } from './schema.ts';
import { but, expectRefusal, local, parse, prod } from './testing.ts';

/** Production with another `loki` section. */
const withLoki = (keys: string): string =>
  prod.replace(/^loki:\n( .*\n|\n(?= ))+/m, `loki:\n  retention: 30d\n${keys}`);

const stores = {
  s3: '    s3: { bucket: logs, region: eu-central-1, roleArn: "arn:aws:iam::123456789012:role/loki" }\n',
  oci: '    oci: { bucket: logs, region: eu-frankfurt-1, namespace: examplens }\n',
  azure: '    azure: { container: logs, account: example, clientId: 00000000-0000-4000-8000-000000000000 }\n',
  gcs: '    gcs: { bucket: logs, serviceAccount: loki-logs@example-project.iam.gserviceaccount.com }\n',
};
const distributed = '  mode: distributed\n  storage:\n';

describe('where Loki keeps what it takes', () => {
  it.each(Object.entries(stores))('is %s with its own keys, distributed or not', (kind, keys) => {
    for (const mode of ['distributed', 'single']) {
      const config = schema.parse(parse(withLoki(`  mode: ${mode}\n  storage:\n${keys}`)));
      expect(lokiStore(config.loki)).toMatchObject({ kind });
    }
  });

  it('is files on a volume where nothing is said', () => {
    expect(lokiStore(schema.parse(parse(local)).loki)).toEqual({ kind: 'filesystem' });
  });

  it.each<[string, string, key: string, said: string]>([
    [
      'distributed on files',
      withLoki('  mode: distributed\n'),
      'mode: distributed',
      'loki.mode: given "distributed"; allowed: single, or distributed with loki.storage',
    ],
    [
      'distributed on a laptop',
      but(local, 'loki:\n', 'loki:\n  mode: distributed\n'),
      'mode: distributed',
      'allowed: single: distributed needs a cluster',
    ],
    [
      'object storage on a laptop',
      but(local, 'loki:\n', `loki:\n  storage:\n${stores.s3}`),
      'storage:',
      'no such key where there is no cluster',
    ],
    [
      'a mode of its own',
      withLoki('  mode: scalable\n'),
      'mode',
      'given "scalable"; allowed: one of single, distributed',
    ],
    [
      'two stores',
      withLoki(distributed + stores.s3 + stores.gcs),
      'storage',
      'allowed: exactly one of s3, oci, azure, gcs',
    ],
    ['no store', withLoki('  storage: {}\n'), 'storage', 'allowed: exactly one of s3, oci, azure, gcs'],
    [
      'an unknown store',
      withLoki(`${distributed}    swift: { bucket: logs }\n`),
      'swift',
      'there is no such key',
    ],
    [
      'a key of another store',
      withLoki(distributed + but(stores.gcs, 'bucket: logs', 'bucket: logs, region: europe-west3')),
      'gcs:',
      'loki.storage.gcs.region: there is no such key',
    ],
    [
      'a bucket that is none',
      withLoki(distributed + but(stores.oci, 'bucket: logs', 'bucket: My_Logs')),
      'oci:',
      'loki.storage.oci.bucket: given "My_Logs"; allowed: a name of 3 to 63',
    ],
    [
      'no namespace',
      withLoki(distributed + but(stores.oci, ', namespace: examplens', '')),
      'oci:',
      'loki.storage.oci.namespace: it is missing',
    ],
    [
      'an endpoint with a scheme',
      withLoki(distributed + but(stores.s3, 'roleArn', 'endpoint: "https://minio.example.com", roleArn')),
      's3:',
      'loki.storage.s3.endpoint: given "https://minio.example.com"; allowed: a host',
    ],
    [
      'a role that is none',
      withLoki(distributed + but(stores.s3, 'arn:aws:iam', 'arn:aws:ec2')),
      's3:',
      'allowed: an ARN such as',
    ],
    [
      'an identity that is none',
      withLoki(distributed + but(stores.azure, '00000000-0000-4000-8000-000000000000', 'loki')),
      'azure:',
      'loki.storage.azure.clientId: given "loki"; allowed: a client id',
    ],
    [
      'a key in plain text',
      withLoki(distributed + but(stores.azure, 'account: example', 'account: example, accountKey: hush')),
      'azure:',
      'loki.storage.azure.accountKey: there is no such key',
    ],
  ])('with %s is refused', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });
});
