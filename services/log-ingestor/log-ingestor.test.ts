import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { readPipelineConfig } from '../pipeline/config/read-config.ts';
import { DeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import { startPipelineProcess } from '../pipeline/frame.ts';
import { oneEntry } from '../pipeline/queue/contract.ts';
import { openEmbeddedQueue } from '../pipeline/queue/embedded/embedded-queue.ts';
import { buildLogIngestor } from './log-ingestor.ts';

/** Nothing listens on this port of the discard protocol. */
const noLoki = 'http://127.0.0.1:9';

async function startIngestor(directory: string, lokiUrl = noLoki, lines: string[] = []) {
  const env = {
    INGESTOR_MAX_DEAD_LETTERS: '1',
    ...{ QUEUE_DIRECTORY: directory, LOKI_URL: lokiUrl, INGESTOR_PORT: '0', INGESTOR_BATCH_ENTRIES: '1' },
    LOG_LEVEL: 'ERROR',
  };
  const config = readPipelineConfig({ env });
  const running = await startPipelineProcess('log-ingestor', buildLogIngestor, {
    config,
    env,
    destination: { write: (line) => void lines.push(line) },
  });
  return running;
}

it('answers for its health under both names, and for its metrics', async () => {
  const ingestor = await startIngestor(temporaryDirectory());
  onTestFinished(() => ingestor.stop());
  for (const path of ['/health', '/actuator/health', '/ready']) {
    const response = await fetch(ingestor.url + path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      checks: { loki: { status: 'pass' }, queue: { status: 'pass' } },
    });
  }
  expect(await (await fetch(`${ingestor.url}/metrics`)).text()).toMatch(/^log_queue_entries 0$/m);
});

it('shows what waits while Loki is away, and keeps it when it ends', async () => {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  await queue.append(oneEntry('waits'));
  const ingestor = await startIngestor(directory);
  await vi.waitFor(
    async () => {
      const text = await (await fetch(`${ingestor.url}/metrics`)).text();
      expect(text).toMatch(/^log_queue_entries 1$/m);
      expect(text).toMatch(/^log_push_paused_organizations 1$/m);
      expect(text).toMatch(/^log_push_retries_total 3$/m);
      expect((await fetch(`${ingestor.url}/ready`)).status).toBe(503);
    },
    { timeout: 30_000, interval: 100 },
  );
  await ingestor.stop();
  await queue.close();
  const again = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  expect(again.state()).toMatchObject({ entries: 1 });
  await again.close();
}, 90_000);

it('is refused a queue that another ingestor works on', async () => {
  const directory = temporaryDirectory();
  const ingestor = await startIngestor(directory);
  onTestFinished(() => ingestor.stop());
  await expect(startIngestor(directory)).rejects.toThrow(/SL1720/);
});

/** A Loki that answers everything with one status, or each request with its own. */
async function lokiThatAnswers(
  status: number | ((headers: IncomingHttpHeaders) => number),
  onRequest: (headers: IncomingHttpHeaders) => void = () => {},
): Promise<string> {
  const server = createServer((request, response) => {
    onRequest(request.headers);
    const answer = typeof status === 'number' ? status : status(request.headers);
    request.resume().on('end', () => response.writeHead(answer).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

it('continues the trace of the request with which a batch came, on to Loki', async () => {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  onTestFinished(() => queue.close());
  const trace = '0af7651916cd43dd8448eb211c80319c';
  await queue.append({ ...oneEntry('one'), traceparent: `00-${trace}-b7ad6b7169203331-01` });
  const seen: unknown[] = [];
  const url = await lokiThatAnswers(204, ({ traceparent }) => seen.push(traceparent));
  const ingestor = await startIngestor(directory, url);
  onTestFinished(() => ingestor.stop());
  await vi.waitFor(() => expect(seen).toEqual([expect.stringMatching(`^00-${trace}-(?!b7ad6b7169203331)`)]), {
    timeout: 20_000,
  });
});

it('dead letters that cannot be counted are said, and the ingestor goes on', async () => {
  const directory = temporaryDirectory();
  const lines: string[] = [];
  const ingestor = await startIngestor(directory, noLoki, lines);
  onTestFinished(() => ingestor.stop());
  const database = new DatabaseSync(join(directory, 'dead-letters.sqlite'));
  database.exec('DROP TABLE dead_letters');
  database.close();
  await vi.waitFor(() => expect(lines.join('')).toContain('The state of the queue cannot be read'), {
    timeout: 30_000,
  });
  expect((await fetch(`${ingestor.url}/ready`)).status).toBe(200);
});

it('a dead letter that cannot be read stays one with its reason, and the others are replayed', async () => {
  const directory = temporaryDirectory();
  const letters = new DeadLetters(directory, 100);
  onTestFinished(() => letters.close());
  const ns = '1700000000000000000';
  const good = { id: 'good', timestamp_ns: ns, event_ns: ns, level: 'INFO', message: 'm', service: 'shop' };
  const common = { organization: 'acme', reason: 'too old' };
  letters.add([
    { ...common, id: 'bad', entry: 'this is no JSON' },
    { ...common, id: 'good', entry: JSON.stringify(good) },
  ]);
  letters.replay({});
  const ingestor = await startIngestor(directory, await lokiThatAnswers(204));
  onTestFinished(() => ingestor.stop());
  await vi.waitFor(
    () =>
      expect(letters.list(10)).toMatchObject([
        { id: 'bad', entry: 'this is no JSON', reason: expect.stringMatching(/not valid JSON/) },
      ]),
    { timeout: 10_000 },
  );
  expect(letters.replays(10)).toEqual([]);
});

it('what Loki refuses stays in the queue while there is no room for dead letters', async () => {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  onTestFinished(() => queue.close());
  for (const message of ['one', 'two']) await queue.append(oneEntry(message));
  const lines: string[] = [];
  const letters = new DeadLetters(directory, 100);
  onTestFinished(() => letters.close());
  const kept = { id: 'kept', organization: 'acme', reason: 'too old', entry: '{}' };
  letters.add([kept]);
  const ingestor = await startIngestor(directory, await lokiThatAnswers(400), lines);
  onTestFinished(() => ingestor.stop());
  const patience = { timeout: 20_000 };
  await vi.waitFor(() => expect(lines.join('')).toContain('no room for dead letters'), patience);
  expect(letters.list(10)).toMatchObject([kept]);
  await vi.waitFor(async () => {
    const text = await (await fetch(`${ingestor.url}/metrics`)).text();
    expect(text).toMatch(/^log_queue_entries [12]$/m);
    expect(text).toMatch(/^log_push_paused_organizations 1$/m);
  }, patience);
});

it('an organization that Loki takes nothing of holds up no other, however much it has, and loses nothing', async () => {
  const directory = temporaryDirectory();
  const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0 });
  onTestFinished(() => queue.close());
  const large = 'x'.repeat(1_000_000);
  // More than the ingestor has in memory at once.
  for (let part = 0; part < 80; part += 1) await queue.append(oneEntry(`${part} ${large}`, 'stuck'));
  await queue.append(oneEntry('of another', 'well'));
  let isWell = false;
  const stored = new Map<string, number>();
  const url = await lokiThatAnswers((headers) => {
    const organization = String(headers['x-scope-orgid']);
    if (organization === 'stuck' && !isWell) return 503;
    stored.set(organization, (stored.get(organization) ?? 0) + 1);
    return 204;
  });
  const ingestor = await startIngestor(directory, url);
  onTestFinished(() => ingestor.stop());
  const patience = { timeout: 60_000, interval: 100 };
  await vi.waitFor(() => expect(stored).toEqual(new Map([['well', 1]])), patience);
  isWell = true;
  const text = async () => (await fetch(`${ingestor.url}/metrics`)).text();
  await vi.waitFor(async () => expect(await text()).toMatch(/^log_queue_entries 0$/m), patience);
  expect(await text()).toMatch(/^log_events_processed_total 81$/m);
}, 150_000);
