import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SightlineError } from '../../telemetry/errors.ts';
import { withLock } from '../local/toolchain/lock.ts';
import { runCommand } from '../local/toolchain/run-command.ts';
import { repositoryRoot } from '../repository.ts';

/** Pulumi's packages are 140 MB that `npm start` has no use for, so they are in a package of their own. */
const folder = join(repositoryRoot, 'infra');
const stamp = join(folder, 'node_modules', '.sightline-install');
const timeoutMs = 10 * 60_000;

/**
 * Installs what infra/package-lock.json pins, unless it is there already. `onStart` is called before it takes time.
 * @throws {SightlineError} SL1003 when npm fails
 */
export async function installPulumi(options: {
  readonly onStart: (what: string) => void;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const isThere = async (): Promise<true | undefined> => (readText(stamp) === wanted ? true : undefined);
  if (await isThere()) return;
  const locks = join(repositoryRoot, '.sightline');
  mkdirSync(locks, { recursive: true });
  const { signal } = options;
  await withLock(
    locks,
    'pulumi-packages',
    {
      alreadyDone: isThere,
      onWait: () => options.onStart('Another command installs Pulumi’s packages'),
      signal,
    },
    async () => {
      options.onStart('Installing Pulumi’s packages (npm ci in infra)');
      // Without its scripts: they would fetch Pulumi's plugins, which only a real deployment needs.
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
      const { exitCode, output } = await runCommand('npm', args, { cwd: folder, timeoutMs, signal });
      signal?.throwIfAborted();
      if (exitCode !== 0)
        throw new SightlineError('SL1003', {
          what: `npm ci failed (exit code ${exitCode}): ${output.trim().slice(-2000)}`,
          where: folder,
          fix: 'mend what npm says (network, proxy, disk, registry), then run the command again',
        });
      writeFileSync(stamp, wanted);
      return true as const;
    },
  );
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
