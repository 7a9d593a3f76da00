import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { installPulumi } from '../../infra/kubernetes/packages.ts';
import { secretTable } from '../../infra/kubernetes/secrets.ts';
import { clusterSystems, secretsOf } from '../../infra/kubernetes/systems.ts';
import { repositoryRoot } from '../../infra/repository.ts';

/** The program with mocks that say at once what reaches them. */
const runner = `
import { runtime } from '@pulumi/pulumi';
await runtime.setMocks(
  {
    newResource: ({ name, inputs }) => {
      process.stdout.write(name + '\\n');
      return { id: name, state: inputs };
    },
    call: () => ({}),
  },
  'sightline',
  process.env.STACK,
);
await import('./index.ts');
await runtime.disconnect();
`;

const rooms = ['telemetry', 'services', 'alerts', 'dashboards', 'promtail', 'infra'];
const values = {
  url: 'https://example.com/',
  'pagerduty-key': '0'.repeat(32),
  password: '0'.repeat(12),
  token: '0'.repeat(32),
  'url-safe': '0'.repeat(12),
  json: '{}',
};
const secrets = Object.fromEntries(
  [...secretsOf(clusterSystems(clusterContext('dev')))].map((name) => [
    `sightline:${name}`,
    values[secretTable[name].form],
  ]),
);
const complete: Readonly<Record<string, string>> = {
  'sightline:context': 'minikube',
  'sightline:cluster': 'minikube',
  ...secrets,
};

let copy: string;
let environmentText: string;
const environmentFile = (): string => join(copy, 'infra/environments/dev.yaml');

beforeAll(async () => {
  await installPulumi({ onStart: () => undefined });
  copy = await mkdtemp(join(tmpdir(), 'sightline-program-'));
  for (const room of rooms)
    await cp(join(repositoryRoot, room), join(copy, room), {
      recursive: true,
      filter: (source) => basename(source) !== 'node_modules',
    });
  await cp(join(repositoryRoot, 'package.json'), join(copy, 'package.json'));
  for (const modules of ['node_modules', 'infra/node_modules'])
    await symlink(join(repositoryRoot, modules), join(copy, modules));
  // Beside the program's own packages, which it imports.
  await writeFile(join(copy, 'infra/run.ts'), runner);
  await writeFile(
    join(copy, 'kubeconfig'),
    JSON.stringify({
      contexts: [{ name: 'minikube', context: { cluster: 'minikube' } }],
      clusters: [{ name: 'minikube', cluster: { server: 'https://127.0.0.1:1' } }],
    }),
  );
  environmentText = await readFile(environmentFile(), 'utf8');
});
afterAll(() => rm(copy, { recursive: true, force: true }));

interface Given {
  readonly stack?: string;
  /** In place of keys of the stack's file; undefined leaves one out. */
  readonly config?: Readonly<Record<string, string | undefined>>;
  /** Keys that are encrypted beside those that are wanted. */
  readonly encrypted?: readonly string[];
  /** Those that stand there for everybody to read. */
  readonly plain?: readonly string[];
  readonly environment?: (text: string) => string;
}

/** What the program says, and what reached Pulumi of it. */
async function run({ stack = 'dev', config = {}, encrypted = [], plain = [], environment }: Given) {
  await writeFile(environmentFile(), environment ? environment(environmentText) : environmentText);
  const options = {
    cwd: copy,
    timeout: 120_000,
    env: {
      ...process.env,
      STACK: stack,
      KUBECONFIG: join(copy, 'kubeconfig'),
      PULUMI_CONFIG: JSON.stringify({ ...complete, ...config }),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
        [...Object.keys(secrets), ...encrypted].filter((name) => !plain.includes(name)),
      ),
    },
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['infra/run.ts'], options).catch(
    (error: { readonly stdout: string; readonly stderr: string }) => error,
  );
  return { reached: stdout.split('\n').filter(Boolean), said: stderr };
}

const instead =
  (from: string, to: string) =>
  (text: string): string => {
    if (!text.includes(from)) throw new Error(`no ${from} in the file`);
    return text.replace(from, to);
  };

describe('the program, under mocks that say at once what reaches them', () => {
  it('reaches them when everything is right', async () => {
    const { reached, said } = await run({});
    expect(reached.length, said).toBeGreaterThan(100);
  });

  it.each<[string, Given, string]>([
    ['a stack that is no environment', { stack: 'test' }, 'SL1105 there is no environment "test"'],
    ['a key that is none', { config: { 'sightline:contxt': 'x' } }, 'SL1107 contxt is no key'],
    ['no cluster', { config: { 'sightline:cluster': undefined } }, 'SL1107 cluster is missing'],
    ['another cluster', { config: { 'sightline:cluster': 'prod' } }, 'SL1108 the context minikube is for'],
    ['another address', { config: { 'sightline:server': 'https://a' } }, 'SL1108 the cluster minikube is at'],
    [
      'a secret too few',
      { config: { 'sightline:HEARTBEAT_URL': undefined } },
      'SL1109 no value for HEARTBEAT_URL',
    ],
    ['a secret in plain text', { plain: ['sightline:AUTH_SECRET'] }, 'SL1109 AUTH_SECRET stands there'],
    [
      'a secret that is none',
      { config: { 'sightline:HEARTBEAT_URL': 'x' } },
      'SL1109 HEARTBEAT_URL is not usable',
    ],
    [
      'a key that pages people',
      {
        config: { 'sightline:PAGERDUTY_ROUTING_KEY': values['pagerduty-key'] },
        encrypted: ['sightline:PAGERDUTY_ROUTING_KEY'],
      },
      'SL1106 nothing uses PAGERDUTY_ROUTING_KEY in dev',
    ],
    ['no context', { config: { 'sightline:context': '' } }, 'SL1107 context is missing'],
    [
      'a negative number',
      { environment: instead('replicas: 1', 'replicas: -1') },
      'given -1; allowed: a whole',
    ],
    [
      'the latest image',
      { environment: instead('services:0.1.0', 'services:latest') },
      'which is not latest',
    ],
    ['a misspelt key', { environment: instead('eventBus:', 'eventbus:') }, 'nearest: eventBus'],
    ['no YAML', { environment: (text) => `${text}\n\tx: 1\n` }, 'SL1102 not valid YAML'],
    ['a key twice', { environment: instead('cluster: dev', 'cluster: dev\ncluster: two') }, 'SL1102'],
    ['a wrong unit', { environment: instead('volume: 10Gi', 'volume: 10GB') }, 'SL1103 line'],
    ['too small a disk', { environment: instead('series: 40000', 'series: 400000') }, 'at least 70GB'],
    [
      'too short a retention',
      { environment: instead('retentionTime: 15d', 'retentionTime: 8d') },
      'slo.window',
    ],
    ['a page from dev', { environment: instead('paging: none', 'paging: pagerduty') }, 'only prod pages'],
    [
      'two gateways that count for themselves',
      { environment: instead('gateway:\n      replicas: 1', 'gateway:\n      replicas: 2') },
      'each of several gateways would count requests for itself',
    ],
    [
      'two ingestors of an embedded queue',
      {
        environment: instead(
          'queue: kafka\n    partitions: 3\n    gateway:\n      replicas: 1\n    ingestor:\n      replicas: 1',
          'queue: embedded\n    volume: 10Gi\n    gateway:\n      replicas: 1\n    ingestor:\n      replicas: 2',
        ),
      },
      'the embedded queue is of one gateway and one ingestor',
    ],
    [
      'a password to Kafka in plain text',
      {
        environment: instead(
          'single:\n      volume: 5Gi',
          'existing:\n      brokers: ["kafka:9092"]\n      tls: false\n      sasl: { mechanism: PLAIN, user: a }',
        ),
      },
      'a password is sent to the brokers',
    ],
    ['another environment', { environment: instead('environment: dev', 'environment: prod') }, 'SL1103'],
  ])('declares nothing with %s, and says why', async (_, given, message) => {
    const { reached, said } = await run(given);
    expect(said).toContain(message);
    expect(said).toContain('Fix: ');
    expect(reached).toEqual([]);
  });
});
