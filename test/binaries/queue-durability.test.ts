import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ChaosProcess } from '../../cli/chaos/chaos-process.ts';
import { createKey } from '../../services/log-gateway/keys/manage-keys.ts';
import { queueFile } from '../../services/pipeline/queue/embedded/queue-file.ts';
import { freePorts } from '../support/ports.ts';
import { hasStrace, noStrace, readTrace, straceArguments } from '../support/system-calls.ts';
import { waitFor } from '../support/wait.ts';

const run = promisify(execFile);
const fixture = fileURLToPath(
  new URL('../../services/pipeline/queue/embedded/durability.fixture.ts', import.meta.url),
);
const gatewayMain = fileURLToPath(new URL('../../services/log-gateway/main.ts', import.meta.url));
const batches = 20;

if (!hasStrace) console.warn(`skipped: ${noStrace}`);

describe.skipIf(!hasStrace)('a batch of the embedded queue', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sightline-durability-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const trace = async (synchronous: 'FULL' | 'OFF') => {
    const file = join(directory, `${synchronous}.strace`);
    const program = [process.execPath, fixture, join(directory, synchronous), synchronous, String(batches)];
    await run('strace', [...straceArguments(file), ...program]);
    return readTrace(file, /write\(1<.*acknowledged/);
  };

  it('is synced to the disk between its write and its acknowledgement', async () => {
    expect(await trace('FULL')).toEqual({ acknowledged: batches, early: [] });
  });

  it('would be seen not to be, were the database told not to sync', async () => {
    const { acknowledged, early } = await trace('OFF');
    expect(acknowledged).toBe(batches);
    expect(early).toHaveLength(batches);
  });

  it('is synced before the gateway answers 202', async () => {
    const [port = 0] = await freePorts(1);
    const file = join(directory, 'gateway.strace');
    const keys = join(directory, 'keys.json');
    const { key } = createKey(keys, { name: 'test', scopes: ['write'], organizations: ['acme'] });
    const strace = new ChaosProcess({
      command: 'strace',
      args: [...straceArguments(file), process.execPath, gatewayMain],
      env: { QUEUE_DIRECTORY: join(directory, 'queue'), KEYS_FILE: keys, GATEWAY_PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/metrics`,
    });
    await strace.start();
    const [gateway] = childrenOf(strace.pid);
    try {
      for (let index = 0; index < batches; index += 1) {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/logs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          body: JSON.stringify([{ level: 'info', service: 'shop', message: `order ${index} was paid` }]),
        });
        expect(response.status).toBe(202);
        await response.arrayBuffer();
      }
    } finally {
      if (gateway !== undefined) process.kill(gateway, 'SIGKILL');
      await waitFor('the trace is written', () => (childrenOf(strace.pid).length === 0 ? true : undefined));
      await strace.end('SIGKILL');
    }
    expect(readTrace(file, /HTTP\/1\.1 202/)).toEqual({ acknowledged: batches, early: [] });
  });
});

it('a gateway whose queue failed ends, so that it is started again', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-failed-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const keys = join(directory, 'keys.json');
  const { key } = createKey(keys, { name: 'test', scopes: ['write'], organizations: ['acme'] });
  const env = { QUEUE_DIRECTORY: directory, KEYS_FILE: keys, GATEWAY_PORT: String(port) };
  const ended = run(process.execPath, [gatewayMain], { env: { ...process.env, ...env } }).catch(
    (error: unknown) => error,
  );
  await waitFor('the gateway answers', async () =>
    (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.ok === true ? true : undefined,
  );
  const database = new DatabaseSync(queueFile(directory));
  database.exec('DROP TABLE batches');
  database.close();
  await fetch(`http://127.0.0.1:${port}/api/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify([{ level: 'info', service: 'shop', message: 'one' }]),
  }).catch(() => {});
  expect(await ended).toMatchObject({ code: 1, stdout: expect.stringContaining('The queue failed') });
});

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}
