import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { busName } from '../../infra/dapr/components.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import type { ClusterContext } from '../../infra/kubernetes/context.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { oneEntry } from '../../services/pipeline/queue/contract.ts';
import { connectionOf } from '../../services/pipeline/queue/kafka/connection.ts';
import { selfSigned } from '../support/certificates.ts';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';
import { queueUnderTest } from './support/queue-under-test.ts';

/** Of the reader; nobody else has it. */
const password = 'it is read by nobody';
const mechanism = 'SCRAM-SHA-512' as const;

let folder: string;
let broker: KafkaBroker;
let authority: string;
let stranger: string;
const running: RunningTool[] = [];

/** A broker as others run them: beside its own listener one with TLS, whose clients show a password. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-kafka-tls-'));
  const own = await selfSigned(folder, 'broker');
  authority = own.certificate;
  stranger = (await selfSigned(folder, 'stranger')).certificate;
  const keystore = join(folder, 'broker.pem');
  await writeFile(keystore, (await readFile(own.key, 'utf8')) + (await readFile(own.certificate, 'utf8')));
  broker = await startKafkaBroker(
    {
      listeners:
        'CLIENTS://127.0.0.1:{port},SECURE://127.0.0.1:{secondPort},CONTROLLER://127.0.0.1:{controllerPort}',
      'advertised.listeners': 'CLIENTS://127.0.0.1:{port},SECURE://127.0.0.1:{secondPort}',
      'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'listener.name.secure.sasl.enabled.mechanisms': mechanism,
      'listener.name.secure.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
    ['--add-scram', `${mechanism}=[name=reader,password=${password}]`],
  );
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the exporter with these settings; gives what it says at /ready once it listens. */
async function exporter(env: Readonly<Record<string, string>>) {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const tool = startTool(process.execPath, ['services/kafka-exporter/main.ts'], {
    PORT: String(port),
    KAFKA_BROKERS: `127.0.0.1:${broker.secondPort}`,
    KAFKA_TLS: 'true',
    KAFKA_CA_FILE: authority,
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: 'reader',
    KAFKA_SASL_PASSWORD: password,
    ...env,
  });
  running.push(tool);
  await waitFor('the exporter', async () => ((await fetch(`${url}/health`)).ok ? true : undefined));
  const ready = await fetch(`${url}/ready`);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return { status: ready.status, said: await ready.text(), metrics, output: tool.output() };
}

test('a broker with TLS and SASL is read by whoever has its authority and the password', async () => {
  const { status, said, metrics } = await exporter({});
  expect(said).toBe('{"status":"ok"}');
  expect(status).toBe(200);
  expect(metrics).toContain('kafka_brokers 1\n');
});

test.each([
  ['a wrong password', () => ({ KAFKA_SASL_PASSWORD: 'guessed' }), /authentication/i],
  ['a mechanism that is not on', () => ({ KAFKA_SASL_MECHANISM: 'PLAIN' }), /mechanism/i],
  ['another authority', () => ({ KAFKA_CA_FILE: stranger }), /self-signed certificate/i],
])('%s is refused, said, and no password is', async (_what, settings, reason) => {
  const { status, said, metrics, output } = await exporter(settings());
  expect(status).toBe(503);
  expect(said).toMatch(reason);
  expect(metrics).toContain('kafka_brokers 0\n');
  expect(output + said).not.toContain(password);
});

test('the queue of the log pipeline works on it', async () => {
  const { kafka } = readPipelineConfig({
    env: {
      KAFKA_BROKERS: `127.0.0.1:${broker.secondPort}`,
      ...{ KAFKA_TLS: 'true', KAFKA_CA_FILE: authority, KAFKA_SASL_MECHANISM: mechanism },
      ...{ KAFKA_SASL_USERNAME: 'reader', KAFKA_SASL_PASSWORD: password },
    },
  });
  const under = queueUnderTest(connectionOf(kafka, 'test'));
  const [queue, consumer] = [await under.openQueue(), await under.openConsumer()];
  await queue.append(oneEntry('over TLS'));
  const [batch] = await waitFor('the batch', async () => {
    const batches = await consumer.read({ maxBytes: 1_000_000 });
    return batches.length > 0 ? batches : undefined;
  });
  await consumer.commit(batch === undefined ? [] : [batch]);
  expect(batch).toMatchObject({ organization: 'acme', count: 1 });
  await Promise.all([queue.close(), consumer.close()]);
});

/** The bus of production's sidecars, rendered for this broker; its password comes from the sidecar's own secret store. */
async function daprResources(): Promise<string> {
  const prod = clusterContext('prod');
  const existing = {
    brokers: [`127.0.0.1:${broker.secondPort}`],
    tls: true,
    ca: await readFile(authority, 'utf8'),
    sasl: { mechanism, user: 'reader' },
  };
  const context: ClusterContext = {
    ...prod,
    kubernetes: {
      ...prod.kubernetes,
      services: { ...prod.kubernetes.services, events: 'kafka' },
      kafka: { existing },
    },
  };
  const bus = clusterSystems(context)
    .flatMap(({ objects }) => objects)
    .find(({ kind, metadata }) => kind === 'Component' && metadata.name === busName);
  if (bus?.kind !== 'Component') throw new Error('production has no bus');
  const resources = await mkdtemp(join(folder, 'dapr-'));
  const secrets = join(folder, 'secrets.json');
  await writeFile(secrets, JSON.stringify({ 'event-bus-kafka': { password } }));
  const component = (name: string, more: object): string =>
    toYaml({ apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name }, ...more });
  const secretsFile = [
    { name: 'secretsFile', value: secrets },
    { name: 'multiValued', value: 'true' },
  ];
  const store = { type: 'secretstores.local.file', version: 'v1', metadata: secretsFile };
  await writeFile(join(resources, 'secrets.yaml'), component('secrets', { spec: store }));
  await writeFile(
    join(resources, 'bus.yaml'),
    component(busName, { auth: { secretStore: 'secrets' }, spec: bus.spec }),
  );
  return resources;
}

test('a sidecar with the bus of production publishes to it', async () => {
  const resources = await daprResources();
  const [http = 0, grpc = 0, internal = 0, metrics = 0] = await freePorts(4);
  const sidecar = startTool(await toolPath('daprd'), [
    '--app-id=backend-api',
    `--dapr-http-port=${http}`,
    `--dapr-grpc-port=${grpc}`,
    `--dapr-internal-grpc-port=${internal}`,
    `--metrics-port=${metrics}`,
    '--dapr-listen-addresses=127.0.0.1',
    `--resources-path=${resources}`,
  ]);
  running.push(sidecar);
  await waitFor('the sidecar', async () =>
    (await fetch(`http://127.0.0.1:${http}/v1.0/healthz/outbound`)).ok ? true : undefined,
  ).catch((cause: unknown) => {
    throw new Error(sidecar.output(), { cause });
  });
  const publish = `http://127.0.0.1:${http}/v1.0/publish/${busName}/task-events`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(publish, { method: 'POST', headers, body: '{"id":1}' });
  expect(answer.status, await answer.text()).toBe(204);
  const { metrics: seen } = await exporter({});
  expect(seen).toMatch(/^kafka_topic_partition_current_offset\{topic="task-events",partition="\d"\} 1$/m);
});
