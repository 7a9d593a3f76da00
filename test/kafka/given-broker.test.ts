import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { brokerProcess } from '../../cli/chaos/kafka/broker-process.ts';
import { startStack } from '../support/own-stack.ts';
import { StackClient } from '../support/stack-client.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const patienceMs = 120_000;

test('npm start with KAFKA_BROKERS keeps logs in that broker, and refuses them while it is away', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-given-broker-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const broker = await brokerProcess(await toolPath('kafka'), join(directory, 'kafka'));
  onTestFinished(async () => void (await broker.process.end('SIGKILL')));
  await broker.process.start();
  const local = await readFile(new URL('../../infra/environments/local.yaml', import.meta.url), 'utf8');
  const stack = await startStack(local, { KAFKA_BROKERS: broker.bootstrap });
  onTestFinished(() => stack.stop());
  const client = new StackClient(stack);
  const made = await client.cli([
    'keys',
    'create',
    '--name=test',
    '--scope=write',
    '--organization=platform',
  ]);
  expect(made.code, made.stderr).toBe(0);
  const send = async (message: string): Promise<Response> =>
    fetch(client.url('log-gateway', '/api/v1/logs'), {
      method: 'POST',
      headers: { authorization: `Bearer ${made.stdout.trim()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'given-broker', message }),
      signal: AbortSignal.timeout(60_000),
    });
  const accepted = async (message: string): Promise<unknown> =>
    waitFor(
      `${message} to be accepted`,
      async () => {
        const answer = await send(message);
        return answer.status === 202 ? answer.json() : undefined;
      },
      patienceMs,
    );
  const found = (message: string): Promise<unknown> =>
    waitFor(
      `${message} in Loki`,
      async () => (await client.loki(`{service="given-broker"} |= "${message}"`))[0],
      patienceMs,
    );

  const [before, meanwhile, after] = [randomUUID(), randomUUID(), randomUUID()];
  expect(await accepted(before)).toMatchObject({ accepted: 1, durability: 'replicated' });
  await found(before);
  await broker.process.end('SIGKILL');
  const refused = await send(meanwhile);
  expect([429, 503]).toContain(refused.status);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await broker.process.start();
  await accepted(after);
  await found(after);
  expect(await client.prometheus('up{service="log-gateway"}')).toMatchObject([{ value: 1 }]);
}, 600_000);
