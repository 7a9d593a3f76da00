import path from 'node:path';
import lockfile from 'proper-lockfile';
import { SightlineError } from '../../../telemetry/errors.ts';

/** A lock whose owner died is taken over after this long (milliseconds). */
const staleMs = 5_000;

/**
 * Runs `work` while no other start or stop of the same stack runs. Waits up to `patienceMs` for its turn, then
 * throws SL1308. The state directory must exist.
 */
export async function withStackLock<T>(
  stateDir: string,
  work: () => Promise<T>,
  options: { readonly patienceMs?: number; readonly onWaiting?: () => void } = {},
): Promise<T> {
  const release = await takeLock(stateDir, options.patienceMs ?? 60_000, options.onWaiting);
  try {
    return await work();
  } finally {
    // Our own release may find the lock taken over, when this process slept longer than staleMs.
    await release().catch(() => undefined);
  }
}

async function takeLock(
  stateDir: string,
  patienceMs: number,
  onWaiting: (() => void) | undefined,
): Promise<() => Promise<void>> {
  const deadline = Date.now() + patienceMs;
  let told = false;
  for (;;) {
    try {
      return await lockfile.lock(stateDir, {
        lockfilePath: path.join(stateDir, 'run', 'stack.lock'),
        stale: staleMs,
        update: 1_000,
        realpath: false,
        onCompromised: () => undefined,
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      if (Date.now() > deadline) throw lockIsHeld(stateDir, patienceMs);
      if (!told) onWaiting?.();
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function lockIsHeld(stateDir: string, patienceMs: number): SightlineError {
  return new SightlineError('SL1308', {
    what: `another start or stop of this stack has not ended for ${Math.round(patienceMs / 1000)} s`,
    where: path.join(stateDir, 'run', 'stack.lock'),
    fix: 'wait for it, or end that process; the lock of a dead process is taken over by itself',
  });
}
