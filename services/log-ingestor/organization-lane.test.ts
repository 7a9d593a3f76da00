import { expect, it, vi } from 'vitest';
import type { PushOutcome } from '../pipeline/loki/push-client.ts';
import type { PushRequest } from '../pipeline/loki/push-request.ts';
import { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { oneEntry } from '../pipeline/queue/contract.ts';
import { OrganizationLane } from './organization-lane.ts';
import { PersistentPush } from './persistent-push.ts';
import { StreamTurns } from './stream-turns.ts';
import { pushedIn } from './testing/pushed-in.ts';

const patience = { timeout: 20_000, interval: 5 };
const streams = new StreamLabels({
  ...{ labels: {}, allowed: [], maxStreams: 5, maxServices: 5 },
  ...{ onOverflow: () => {}, onServiceOverflow: () => {} },
});

/** A lane whose pushes, of one batch each, are answered by the test. */
function laneUnderTest() {
  const under: { readonly messages: readonly string[]; answer(outcome: PushOutcome): void }[] = [];
  const committed: string[] = [];
  const client = {
    push: (_: string, request: PushRequest) => {
      const { promise, resolve } = Promise.withResolvers<PushOutcome>();
      const messages = pushedIn(request).flatMap(({ entries }) =>
        entries.map(({ line }) => JSON.parse(line).message),
      );
      const push = { messages, answer };
      function answer(outcome: PushOutcome): void {
        under.splice(under.indexOf(push), 1);
        resolve(outcome);
      }
      under.push(push);
      return promise;
    },
    close: async () => {},
  };
  const persistence = { maxRetries: 1, firstDelayMs: 1, maxDelayMs: 1, onRetry() {}, onBreaker() {} };
  const ending = new AbortController();
  const maxPushBytes = oneEntry('0000').body.byteLength;
  const lane = new OrganizationLane(
    'acme',
    new StreamTurns(new PersistentPush(client, 'acme', persistence), maxPushBytes),
    { batchEntries: 1, batchWaitMs: 60_000, maxPushBytes },
    {
      streams,
      index: () => {},
      bury: async () => {},
      commit: async (batches) => void committed.push(...batches.map(({ position }) => position)),
      traced: (_, work) => work(),
      onPushed: () => {},
      onStuck: () => {},
    },
    ending.signal,
  );
  const add = (...messages: string[]): void => {
    for (const message of messages) {
      lane.add({ ...oneEntry(message), position: message, appendedAt: 0 });
    }
  };
  const messages = () => under.map((push) => push.messages.join());
  const answerAll = (outcome: PushOutcome): void => {
    for (const { answer } of [...under]) answer(outcome);
  };
  return { lane, add, messages, answerAll, committed, ending };
}

const stored = { kind: 'stored' } as const;
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index).padStart(4, '0'));

it('has one push under way, however much waits, and pushes each batch once', async () => {
  const { lane, add, messages, answerAll, committed } = laneUnderTest();
  const batches = numbered(10);
  add(...batches);
  const flushed = lane.flush();
  await vi.waitFor(() => {
    expect(messages().length).toBeLessThan(2);
    answerAll(stored);
    expect(committed).toEqual(batches);
  }, patience);
  await flushed;
  expect([lane.busy, lane.openBytes]).toEqual([false, 0]);
});

it('goes on trying while Loki takes nothing, and loses none', async () => {
  const { lane, add, messages, answerAll, committed } = laneUnderTest();
  const batches = numbered(6);
  add(...batches);
  await vi.waitFor(() => {
    answerAll({ kind: 'unavailable', reason: 'away' });
    expect(lane.paused).toBe(true);
  }, patience);
  add('more');
  await vi.waitFor(() => expect(messages()).toHaveLength(1), patience);
  await vi.waitFor(() => {
    answerAll(stored);
    expect(committed).toEqual([...batches, 'more']);
  }, patience);
});

it('ends its tries when it is told to, with all that is not stored', async () => {
  const { lane, add, messages, answerAll, committed, ending } = laneUnderTest();
  add(...numbered(10));
  const flushed = lane.flush();
  ending.abort();
  answerAll({ kind: 'unavailable', reason: 'away' });
  await flushed;
  expect([messages(), committed]).toEqual([[], []]);
});
