import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `probe` until it gives something other than undefined, and gives that back.
 * @throws Error naming `what`, and the last failure, after `deadlineMs` milliseconds
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 60_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`waited ${deadlineMs} ms for ${what}`, { cause: last });
}
