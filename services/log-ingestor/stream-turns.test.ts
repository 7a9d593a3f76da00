import { expect, it } from 'vitest';
import type { AdmittedEntry } from '../pipeline/entry.ts';
import type { PushOutcome } from '../pipeline/loki/push-client.ts';
import type { PushStream } from '../pipeline/loki/push-proto.ts';
import type { PushRequest } from '../pipeline/loki/push-request.ts';
import { PersistentPush } from './persistent-push.ts';
import { StreamTurns } from './stream-turns.ts';
import { ingested } from './testing/ingested.ts';
import { pushedIn } from './testing/pushed-in.ts';

const never = new AbortController().signal;

interface UnderWay {
  readonly streams: readonly PushStream[];
  readonly answer: (outcome: PushOutcome) => void;
}

/** Turns whose pushes the test answers, and what was stored of each stream, in its order. */
function turnsUnderTest(maxPushBytes = 1_000_000) {
  const underWay: UnderWay[] = [];
  const stored = new Map<string, number[]>();
  let mostAtOnce = 0;
  const client = {
    push: (_: string, request: PushRequest) => {
      const pushed = pushedIn(request);
      const { promise, resolve } = Promise.withResolvers<PushOutcome>();
      const beside = underWay.flatMap((other) => other.streams.map(({ labels }) => labels));
      expect(pushed.map(({ labels }) => labels).filter((labels) => beside.includes(labels))).toEqual([]);
      const push: UnderWay = {
        streams: pushed,
        answer: (outcome) => {
          underWay.splice(underWay.indexOf(push), 1);
          if (outcome.kind === 'stored') for (const stream of pushed) keep(stream);
          resolve(outcome);
        },
      };
      underWay.push(push);
      mostAtOnce = Math.max(mostAtOnce, underWay.length);
      return promise;
    },
    close: async () => {},
  };
  function keep({ labels, entries }: PushStream): void {
    const order = entries.map(({ timestamp }) => timestamp.nanos);
    stored.set(labels, [...(stored.get(labels) ?? []), ...order]);
  }
  const persistence = { maxRetries: 1, firstDelayMs: 1, maxDelayMs: 1, onRetry() {}, onBreaker() {} };
  const turns = new StreamTurns(new PersistentPush(client, 'acme', persistence), maxPushBytes);
  return { turns, underWay, stored, mostAtOnce: () => mostAtOnce };
}

const services = Array.from({ length: 12 }, (_, index) => `shop-${index}`);

/** So many entries of each service, about 1 kB each, numbered on from `first`. */
function entriesOf(first: number, each: number, of: readonly string[] = services) {
  const entries = Array.from({ length: each }, (_, index) =>
    of.map(
      (service): AdmittedEntry => ({
        id: `${service}-${first + index}`,
        timestamp_ns: `1700000000${String(first + index).padStart(9, '0')}`,
        event_ns: '1700000000000000000',
        level: 'INFO',
        service,
        message: 'x'.repeat(1000),
      }),
    ),
  );
  return ingested('acme')(entries.flat());
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers what is under way, the latest first, until all is over. */
async function answerUntil(over: Promise<unknown>, underWay: readonly UnderWay[], answer: PushOutcome) {
  let isOver = false;
  void over.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    underWay.at(-1)?.answer(answer);
    await macrotask();
  }
}

it('pushes what shares no stream at once, and a stream’s entries one push after another, in their order', async () => {
  const { turns, underWay, stored, mostAtOnce } = turnsUnderTest();
  const groups = [0, 100, 200].map((first) => turns.store(entriesOf(first, 50), never));
  await answerUntil(Promise.all(groups), underWay, { kind: 'stored' });
  expect(await Promise.all(groups)).toEqual([[], [], []]);
  expect(mostAtOnce()).toBeGreaterThan(1);
  expect(stored.size).toBe(services.length);
  const order = [0, 100, 200].flatMap((first) => Array.from({ length: 50 }, (_, index) => first + index));
  for (const instants of stored.values()) expect(instants).toEqual(order);
});

it('a few lines are one push, which waits for all streams of it', async () => {
  const { turns, underWay, stored } = turnsUnderTest();
  const large = turns.store(entriesOf(0, 50), never);
  const small = turns.store(entriesOf(100, 1), never);
  await macrotask();
  while (underWay.length > 1) {
    underWay.at(-1)?.answer({ kind: 'stored' });
    await macrotask();
    expect(stored.get('{service="shop-0", level="INFO", log_format="json"}') ?? []).not.toContain(100);
  }
  underWay[0]?.answer({ kind: 'stored' });
  await large;
  await macrotask();
  expect(underWay.map((push) => push.streams.length)).toEqual([services.length]);
  underWay[0]?.answer({ kind: 'stored' });
  expect(await small).toEqual([]);
});

it('keeps a push within its bytes', async () => {
  const { turns, underWay, stored } = turnsUnderTest(10_000);
  const all = turns.store(entriesOf(0, 40, ['shop']), never);
  await macrotask();
  expect(underWay.map((push) => push.streams.flatMap(({ entries }) => entries).length)).toEqual([8]);
  await answerUntil(all, underWay, { kind: 'stored' });
  expect([...stored.values()].flat()).toHaveLength(40);
});

it('has nothing under way any more when it was told to end', async () => {
  const { turns, underWay } = turnsUnderTest();
  const ending = new AbortController();
  const stored = turns.store(entriesOf(0, 50), ending.signal);
  const refused = expect(stored).rejects.toThrow();
  await macrotask();
  expect(underWay.length).toBeGreaterThan(1);
  ending.abort();
  await answerUntil(
    stored.catch(() => {}),
    underWay,
    { kind: 'unavailable', reason: 'away' },
  );
  await refused;
  expect(underWay).toEqual([]);
});

it('an outage delays what waits, and the next push of a stream does not overtake it', async () => {
  const { turns, underWay, stored } = turnsUnderTest();
  const first = turns.store(entriesOf(0, 1, ['shop']), never);
  const second = turns.store(entriesOf(100, 1, ['shop']), never);
  await macrotask();
  for (let refusals = 0; refusals < 5; ) {
    if (underWay.length === 0) await macrotask();
    else {
      underWay[0]?.answer({ kind: 'unavailable', reason: 'away' });
      refusals += 1;
    }
  }
  await answerUntil(Promise.all([first, second]), underWay, { kind: 'stored' });
  expect([...stored.values()]).toEqual([[0, 100]]);
});
