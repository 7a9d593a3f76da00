import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { AdmittedEntry } from '../pipeline/entry.ts';
import { createPushClient } from '../pipeline/loki/push-client.ts';
import type { PushStream } from '../pipeline/loki/push-proto.ts';
import { PersistentPush } from './persistent-push.ts';
import { storeEntries } from './store-entries.ts';
import { ingested } from './testing/ingested.ts';
import { pushedIn } from './testing/pushed-in.ts';

interface Answer {
  readonly status: number;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that answers pushes as `answer` says, and what it was pushed. */
async function pushesTo(answer: (streams: readonly PushStream[], count: number) => Answer) {
  const pushes: (readonly PushStream[])[] = [];
  const server = createServer(async (request, response) => {
    const streams = pushedIn({ body: await buffer(request) });
    pushes.push(streams);
    const { status, text = '', headers = {} } = answer(streams, pushes.length);
    response.writeHead(status, headers).end(status === 204 ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = createPushClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 5000 });
  const breaker: boolean[] = [];
  const retries: string[] = [];
  const push = new PersistentPush(client, 'acme', {
    ...{ maxRetries: 3, firstDelayMs: 1, maxDelayMs: 5 },
    onRetry: (reason) => retries.push(reason),
    onBreaker: (isOpen) => breaker.push(isOpen),
  });
  onTestFinished(async () => {
    await client.close();
    server.close();
  });
  const messages = () => pushes.map((streams) => streams.flatMap(({ entries }) => entries.map(messageOf)));
  return { push, breaker, retries, messages };
}

const messageOf = ({ line }: { readonly line: string }): string => JSON.parse(line).message;

const never = new AbortController().signal;

function outgoing(...messages: readonly (readonly [message: string, service: string])[]) {
  const ns = '1700000000000000000';
  const entries = messages.map(
    ([message, service]): AdmittedEntry => ({
      ...{ id: message, timestamp_ns: ns, event_ns: ns, level: 'INFO', message, service },
    }),
  );
  return ingested('acme')(entries);
}

it('a stream that is limited is pushed again alone, and the others are done', async () => {
  // Word for word what Loki 3.6.4 answers.
  const reason = `entry with timestamp 2026-11-21 15:14:15.428 +0000 UTC ignored, reason: 'Per stream rate limit exceeded (limit: 1KB/sec) while attempting to ingest for stream '{service="loud"}' totaling 15116B, consider splitting a stream via additional labels or contact your Loki administrator to see if the limit can be increased'`;
  const { push, retries, messages } = await pushesTo((pushed, count) =>
    pushed.some(({ labels }) => labels.includes('loud')) && count < 5
      ? { status: 429, text: reason }
      : { status: 204 },
  );
  expect(await storeEntries(push, outgoing(['a', 'loud'], ['b', 'quiet'], ['c', 'loud']), never)).toEqual([]);
  expect(messages()).toEqual([['a', 'c', 'b'], ['a', 'c'], ['a', 'c'], ['a', 'c'], ['a', 'c'], ['b']]);
  expect(retries).toEqual([reason, reason, reason]);
});

it('a limit of the tenant is waited for as long as Loki says', async () => {
  const { push, messages } = await pushesTo((_, count) =>
    count === 1
      ? { status: 429, text: 'Ingestion rate limit exceeded', headers: { 'retry-after': '1' } }
      : { status: 204 },
  );
  const before = performance.now();
  expect(await storeEntries(push, outgoing(['a', 'shop'], ['b', 'other']), never)).toEqual([]);
  expect(performance.now() - before).toBeGreaterThan(990);
  expect(messages()).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

it.each([500, 503, 260, 200, 404, 401])('%i is no success and no fault of the entries', async (status) => {
  const { push, breaker, retries } = await pushesTo((_, count) => ({ status: count <= 6 ? status : 204 }));
  expect(await storeEntries(push, outgoing(['a', 'shop'], ['b', 'shop']), never)).toEqual([]);
  expect(retries.length).toBeGreaterThanOrEqual(3);
  expect(breaker).toEqual([true, false]);
});

it('is halved until the guilty stand alone, each with its reason', async () => {
  const { push, breaker } = await pushesTo((pushed) => {
    const guilty = pushed.flatMap(({ entries }) => entries.map(messageOf)).filter((m) => m.startsWith('bad'));
    return guilty.length === 0 ? { status: 204 } : { status: 400, text: guilty.join() };
  });
  const names = ['a', 'bad 1', 'b', 'c', 'd', 'bad 2', 'e'];
  const rejected = await storeEntries(push, outgoing(...names.map((name) => [name, 'shop'] as const)), never);
  expect(rejected.map(({ entry, reason }) => [entry.id, reason])).toEqual([
    ['bad 1', '400 bad 1'],
    ['bad 2', '400 bad 2'],
  ]);
  expect(breaker).toEqual([]);
});

const many = Array.from({ length: 40 }, (_, index) => [`entry ${index}`, 'shop'] as const);

it('a large push that is refused whole for one reason waits, and is no dead letter', async () => {
  const { push, breaker, retries } = await pushesTo((_, count) =>
    count <= 40 ? { status: 400, text: 'no such tenant' } : { status: 204 },
  );
  expect(await storeEntries(push, outgoing(...many), never)).toEqual([]);
  expect(breaker).toEqual([true, false]);
  expect(new Set(retries)).toEqual(new Set(['everything is refused: 400 no such tenant']));
});

it('a large push of entries that are each refused for themselves is a matter of its content', async () => {
  const { push, breaker } = await pushesTo((pushed) => {
    const [first] = pushed.flatMap(({ entries }) => entries.map(messageOf));
    return { status: 400, text: `${first} is too old` };
  });
  expect(await storeEntries(push, outgoing(...many), never)).toHaveLength(40);
  expect(breaker).toEqual([]);
});

it('ends its tries when it is told to', async () => {
  const { push, breaker } = await pushesTo(() => ({ status: 503 }));
  const told = new AbortController();
  const tries = storeEntries(push, outgoing(['a', 'shop']), told.signal);
  const end = setInterval(() => breaker.length > 0 && told.abort(), 5);
  await expect(tries).rejects.toThrow(/abort/i);
  clearInterval(end);
});

it('ends a try that Loki does not answer when it is told to', async () => {
  const asked = new AbortController();
  const server = createServer((request) => request.resume().on('end', () => asked.abort()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const client = createPushClient({ url, timeoutMs: 600_000 });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });
  const push = new PersistentPush(client, 'acme', {
    ...{ maxRetries: 3, firstDelayMs: 1, maxDelayMs: 5 },
    onRetry: () => {},
    onBreaker: () => {},
  });
  await expect(storeEntries(push, outgoing(['a', 'shop']), asked.signal)).rejects.toThrow(/abort/i);
}, 20_000);
