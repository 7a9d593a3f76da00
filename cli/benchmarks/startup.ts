import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../infra/repository.ts';
import { SightlineError } from '../../telemetry/errors.ts';

const run = promisify(execFile);

/** Ports far from those of a stack that may run here already. */
const portOffset = '15000';

/** A cold start compiles Prometheus and Loki: some ten minutes on two cores. */
const coldTimeoutMs = 40 * 60_000;
const warmTimeoutMs = 5 * 60_000;

export interface StartupFigures {
  /** Seconds from the command to all healthy, in the order of the rounds. */
  readonly seconds: readonly number[];
}

/** Starts and stops this clone's stack `rounds` times, everything installed; the first round is not counted. */
export async function measureWarmStart(rounds: number): Promise<StartupFigures> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sightline-bench-'));
  const seconds: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const took = await startAndStop(repositoryRoot, { SIGHTLINE_STATE_DIR: stateDir }, warmTimeoutMs);
      if (round > 0) seconds.push(took);
    }
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
  return { seconds };
}

/**
 * One start of a fresh clone with nothing installed and nothing cached by Sightline or by Go's compiler. Go's module
 * cache and npm's are used if they are there: what the network costs is not ours to measure.
 */
export async function measureColdStart(): Promise<StartupFigures> {
  const base = await mkdtemp(join(tmpdir(), 'sightline-cold-'));
  try {
    const clone = join(base, 'clone');
    await run('git', ['clone', '--quiet', repositoryRoot, clone]);
    const env = { XDG_CACHE_HOME: join(base, 'cache'), GOCACHE: join(base, 'go-build') };
    return { seconds: [await startAndStop(clone, env, coldTimeoutMs)] };
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

async function startAndStop(clone: string, env: Record<string, string>, timeout: number): Promise<number> {
  const options = { cwd: clone, env: { ...process.env, ...env }, timeout, maxBuffer: 64 * 1024 * 1024 };
  const cli = async (...args: string[]): Promise<void> => {
    const command = run(
      process.execPath,
      [join(clone, 'cli/boot.cjs'), ...args, '--port-offset', portOffset],
      options,
    );
    await command.catch((error: Error & { stderr?: string }) => {
      throw new SightlineError('SL1008', {
        what: `a start to measure did not succeed: ${(error.stderr ?? error.message).trim().slice(-1500)}`,
        where: clone,
        fix: 'mend what it says and run npm run bench again; on a busy machine a cold start can take too long',
        cause: error,
      });
    });
  };
  const started = performance.now();
  try {
    await cli('start', '--detach');
    return (performance.now() - started) / 1000;
  } finally {
    await cli('down', '--wipe');
  }
}
