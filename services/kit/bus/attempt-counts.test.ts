import { expect, onTestFinished, test } from 'vitest';
import { TestSidecar } from '../testing/dapr-sidecar.ts';
import { AttemptCounts } from './attempt-counts.ts';

async function sidecar(): Promise<TestSidecar> {
  const started = await TestSidecar.start(10);
  onTestFinished(() => started.close());
  return started;
}

test('an event is counted on by the process that comes after, until it is forgotten', async () => {
  const { port } = await sidecar();
  const before = new AttemptCounts(port, 'state');
  expect([await before.next('a'), await before.next('b'), await before.next('a')]).toEqual([1, 1, 2]);
  const after = new AttemptCounts(port, 'state');
  expect(await after.next('a')).toBe(3);
  await after.forget('a');
  expect(await after.next('a')).toBe(1);
});

test('a store that is away is an error that says so', async () => {
  const gone = await TestSidecar.start(10);
  const counts = new AttemptCounts(gone.port, 'state');
  await gone.close();
  await expect(counts.next('a')).rejects.toThrow();
});
