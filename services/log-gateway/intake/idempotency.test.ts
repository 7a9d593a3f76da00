import { expect, it } from 'vitest';
import { IdempotentRequests } from './idempotency.ts';
import type { Taken } from './take.ts';

const takenWith = (refused: number): Taken => ({
  accepted: 1,
  refusals: Array.from({ length: refused }, (_, index) => ({ index, reason: 'message: is missing' })),
  receipt: { durability: 'fsynced' },
  ids: () => [],
});

/** How many of so many answers are still known when all were given. */
async function known(count: number, taken: Taken): Promise<number> {
  const requests = new IdempotentRequests();
  const run = (number: number) =>
    requests.run({ caller: 'c', organization: 'acme', key: `key-${number}`, digest: 'd' }, async () => taken);
  for (let number = 0; number < count; number += 1) await run(number);
  let replayed = 0;
  // Newest first, so that asking drives out none that is still to be asked for.
  for (let number = count - 1; number >= 0; number -= 1) {
    if (!(await run(number)).replayed) return replayed;
    replayed += 1;
  }
  return replayed;
}

it('many small answers are remembered, and of large ones only as many as memory is set aside for', async () => {
  expect(await known(1000, takenWith(0))).toBe(1000);
  const some = await known(20, takenWith(50_000));
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(10);
});
