import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { SightlineError } from '../../../telemetry/errors.ts';

const pollMs = 300;
/** A cold build of the largest module takes under 15 minutes on two slow cores; a lock held longer is stuck. */
const longestWaitMs = 45 * 60_000;

interface LockOptions<T> {
  /** Asked before every attempt: what another process has finished in the meantime ends the wait. */
  readonly alreadyDone?: () => Promise<T | undefined>;
  /** Called once, when the lock turns out to be held. */
  readonly onWait: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the work while holding `<root>/<key>.lock`, which no other process (nor another caller in this one) holds at
 * the same time. A lock whose holder has died is taken over after 20 s.
 * @throws {SightlineError} SL1205 after 45 minutes of waiting; the signal's reason when aborted.
 */
export async function withLock<T>(
  root: string,
  key: string,
  options: LockOptions<T>,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(root, key);
  const deadline = Date.now() + longestWaitMs;
  let waited = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const done = await options.alreadyDone?.();
    if (done !== undefined) return done;
    const release = await tryLock(path);
    if (release !== undefined) {
      try {
        return (await options.alreadyDone?.()) ?? (await work());
      } finally {
        // A lock that was taken over, or whose directory is gone, is no longer ours to release.
        await release().catch(() => undefined);
      }
    }
    if (!waited) options.onWait();
    waited = true;
    if (Date.now() > deadline) {
      throw new SightlineError('SL1205', {
        what: 'Another run of Sightline has been installing the same tool for 45 minutes',
        where: `${path}.lock`,
        fix: 'end that run, or remove the lock directory when no other run exists',
      });
    }
    await delay(pollMs, undefined, { signal: options.signal });
  }
}

async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lock(path, {
      realpath: false,
      stale: 20_000,
      update: 5_000,
      retries: 0,
      // Losing the lock (a suspended laptop) costs a second install of the same thing, never a broken one:
      // everything is made in a directory of its own and renamed.
      onCompromised: () => undefined,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined;
    throw error;
  }
}
