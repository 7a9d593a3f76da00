import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChaosProcess } from '../../cli/chaos/chaos-process.ts';
import { type LokiProcess, lokiProcess } from '../../cli/chaos/loki-process.ts';
import { storedLines } from '../../cli/chaos/stored-lines.ts';
import { DeadLetters } from '../../services/pipeline/dead-letters/dead-letters.ts';
import type { AdmittedEntry } from '../../services/pipeline/entry.ts';
import { batchOf } from '../../services/pipeline/queue/batch.ts';
import { openEmbeddedQueue } from '../../services/pipeline/queue/embedded/embedded-queue.ts';
import type { LogQueue } from '../../services/pipeline/queue/log-queue.ts';
import { freePorts } from '../support/ports.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const main = fileURLToPath(new URL('../../services/log-ingestor/main.ts', import.meta.url));
const started = Date.now();
const weekMs = 7 * 24 * 3_600_000;

let directory: string;
let loki: LokiProcess;
let ingestor: ChaosProcess;
let ingestorUrl: string;
let queue: LogQueue;
let letters: DeadLetters;
let made = 0;

const entry = (message: string, atMs = Date.now()): AdmittedEntry => {
  made += 1;
  const ns = `${atMs}${String(made).padStart(6, '0')}`;
  return { id: `id-${made}`, timestamp_ns: ns, event_ns: ns, level: 'INFO', message, service: 'shop' };
};

const send = (organization: string, ...entries: AdmittedEntry[]) =>
  queue.append(batchOf(organization, entries));

async function messagesOf(organization: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { line } of storedLines(loki.url, organization, started - weekMs)) {
    found.push((JSON.parse(line) as AdmittedEntry).message);
  }
  return found;
}

const untilStored = (organization: string, messages: readonly string[]) =>
  waitFor(`${organization} has ${messages.join(', ')} in Loki`, async () => {
    const found = await messagesOf(organization);
    return messages.every((message) => found.includes(message)) ? found : undefined;
  });

/** Limits come into force within seconds: until a push is answered so. */
const untilAnswered = (organization: string, status: number, message: string) =>
  waitFor(`Loki answers ${status}`, async () => {
    const values = [[`${Date.now()}000000`, message]];
    const response = await fetch(`${loki.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scope-orgid': organization },
      body: JSON.stringify({ streams: [{ stream: { probe: 'yes' }, values }] }),
    });
    return response.status === status || undefined;
  });

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${ingestorUrl}/metrics`)).text();
  return Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\S+)`, 'm').exec(text)?.[1]);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sightline-ingestor-'));
  const [port = 0, grpcPort = 0, ingestorPort = 0] = await freePorts(3);
  loki = lokiProcess({ loki: await toolPath('loki'), directory: join(directory, 'loki'), port, grpcPort });
  await loki.process.start();
  const queueDirectory = join(directory, 'queue');
  queue = await openEmbeddedQueue({ directory: queueDirectory, maxBytes: 1e9, minFreeBytes: 0 });
  letters = new DeadLetters(queueDirectory, 1000);
  ingestorUrl = `http://127.0.0.1:${ingestorPort}`;
  ingestor = new ChaosProcess({
    command: process.execPath,
    args: [main],
    env: {
      QUEUE_DIRECTORY: queueDirectory,
      LOKI_URL: loki.url,
      INGESTOR_PORT: String(ingestorPort),
      INGESTOR_BATCH_WAIT_SECONDS: '0.2',
    },
    readyUrl: `${ingestorUrl}/metrics`,
  });
  await ingestor.start();
});

afterAll(async () => {
  await queue?.close();
  letters?.close();
  await ingestor?.end('SIGTERM');
  await loki?.process.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

describe('the log ingestor', { retry: 0 }, () => {
  it('brings entries to the tenant of their organization, and to no other', async () => {
    await send('acme', entry('one of acme'), entry('another of acme'));
    await send('other', entry('one of other'));
    expect(await untilStored('acme', ['one of acme', 'another of acme'])).toHaveLength(2);
    expect(await untilStored('other', ['one of other'])).toHaveLength(1);
  });

  it('stores the good lines around bad ones, and keeps the bad ones with Loki’s reason', async () => {
    const old = entry('two months old', Date.now() - 60 * 24 * 3_600_000);
    const long = entry('x'.repeat(300_000));
    const good = Array.from({ length: 9 }, (_, index) => `good ${index}`);
    const [a, b, c] = [good.slice(0, 3), good.slice(3, 6), good.slice(6)].map((part) =>
      part.map((one) => entry(one)),
    );
    await send('bisected', ...(a ?? []), old, ...(b ?? []), long, ...(c ?? []));
    expect((await untilStored('bisected', good)).toSorted()).toEqual(good);
    const dead = await waitFor('two dead letters', () => {
      const found = letters.list(10, { organization: 'bisected' });
      return found.length >= 2 ? found : undefined;
    });
    expect(dead.map(({ id, reason }) => ({ id, reason }))).toEqual([
      { id: old.id, reason: expect.stringMatching(/^400 .*timestamp too old/s) },
      { id: long.id, reason: expect.stringMatching(/^400 .*max entry size/s) },
    ]);
    expect(await metric('log_events_errors_total{refusal="rejected"}')).toBe(2);
  });

  it('stores a dead letter that is replayed, at the present instant and with its own time', async () => {
    const [old] = letters.list(1, { organization: 'bisected' });
    letters.replay({ id: old?.id ?? '' });
    await untilStored('bisected', ['two months old']);
    const lines: string[] = [];
    for await (const { line } of storedLines(loki.url, 'bisected', started)) lines.push(line);
    const replayed = lines.map((line) => JSON.parse(line)).find(({ id }) => id === old?.id);
    expect(Date.parse(replayed.timestamp)).toBeLessThan(started - 50 * 24 * 3_600_000);
    await waitFor('it is no dead letter any more', () =>
      letters.list(10, { organization: 'bisected' }).every(({ id }) => id !== old?.id) ? true : undefined,
    );
  });

  it('waits for a tenant that is blocked with 260, and other tenants do not', async () => {
    loki.override({
      blocked: { block_ingestion_until: new Date(Date.now() + 3_600_000).toISOString() },
    });
    await untilAnswered('blocked', 260, 'probe');
    await send('blocked', entry('held back'));
    await waitFor('the breaker opens', async () =>
      (await metric('log_push_paused_organizations')) === 1 ? true : undefined,
    );
    await send('acme', entry('not held back'));
    await untilStored('acme', ['not held back']);
    expect(await messagesOf('blocked')).not.toContain('held back');
    loki.override({});
    await untilStored('blocked', ['held back']);
    expect(letters.list(10, { organization: 'blocked' })).toEqual([]);
  });

  it('loses nothing and buries nothing while Loki is down', async () => {
    await loki.process.end('SIGKILL');
    const during = Array.from({ length: 200 }, (_, index) => entry(`during ${index}`));
    for (const one of during) await send('acme', one);
    await waitFor('the breaker opens', async () =>
      (await metric('log_push_paused_organizations')) >= 1 ? true : undefined,
    );
    expect(await metric('log_push_retries_total')).toBeGreaterThanOrEqual(3);
    await ingestor.end('SIGKILL');
    await ingestor.start();
    await loki.process.start();
    await untilStored(
      'acme',
      during.map(({ message }) => message),
    );
    expect(letters.list(10, { organization: 'acme' })).toEqual([]);
    await waitFor('the queue is empty', async () =>
      (await metric('log_queue_entries')) === 0 ? true : undefined,
    );
  });

  it('stores what it has taken before it ends', async () => {
    await send('acme', entry('just before the end'));
    expect(await ingestor.end('SIGTERM')).toBe(0);
    await ingestor.start();
    await untilStored('acme', ['just before the end']);
  });
});
