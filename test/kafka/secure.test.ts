import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../support/certificates.ts';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

/** Of the reader; nobody else has it. */
const password = 'it is read by nobody';
const mechanism = 'SCRAM-SHA-512';

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
