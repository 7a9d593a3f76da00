import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Canary } from './canary.ts';
import { type CanaryLine, type Pipeline, Refused } from './gateway-client.ts';
import type { Verdict } from './ledger.ts';

let canary: Canary | undefined;
afterEach(() => canary?.stop());

/** A pipeline whose storing is told line by line: how often, and where in the store. */
function started(
  stored: (line: CanaryLine) => 'append' | 'twice' | 'early' | 'never',
  pipeline: Partial<Pipeline> = {},
) {
  const store: number[] = [];
  const counts: Partial<Record<Verdict, number>> = {};
  const troubles: unknown[] = [];
  canary = new Canary({
    intervalMs: 5,
    deadlineMs: 200,
    pipeline: {
      async send(line) {
        const how = stored(line);
        if (how === 'early') store.splice(-1, 0, line.sequence);
        else if (how !== 'never') store.push(...Array<number>(how === 'twice' ? 2 : 1).fill(line.sequence));
      },
      find: async () => [...store],
      ...pipeline,
    },
    onVerdict: (verdict) => {
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    },
    onFound: () => {},
    onWaiting: () => {},
    onTrouble: (_doing, error) => troubles.push(error),
  });
  canary.start();
  return { counts, troubles };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come');
    await delay(10);
  }
}

it('finds each line once, in order, and calls nothing else of it', async () => {
  const { counts } = started(() => 'append');
  await until(() => (counts.found ?? 0) > 20);
  await canary?.stop();
  expect(Object.keys(counts).sort()).toEqual(['acknowledged', 'found']);
});

it.each([
  ['missing', 'never'],
  ['duplicate', 'twice'],
  ['out_of_order', 'early'],
] as const)('reports a line as %s', async (verdict, how) => {
  const { counts } = started(({ sequence }) => (sequence === 3 ? how : 'append'));
  await until(() => (counts[verdict] ?? 0) > 0);
  await until(() => (counts.found ?? 0) > 50);
  expect(counts[verdict]).toBe(1);
});

it('counts refusals, waits longer after each, and calls no refused line missing', async () => {
  const { counts, troubles } = started(() => 'append', {
    send: async () => {
      throw new Refused(503, 0);
    },
  });
  await until(() => (counts.refused ?? 0) >= 5);
  expect(counts.refused).toBe(troubles.length);
  expect(counts.acknowledged).toBeUndefined();
  await delay(300);
  // Five milliseconds doubled five times and more.
  expect(counts.refused).toBeLessThan(12);
});
