import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../infra/repository.ts';

/** A whole-repository check that counts as one test. */
export interface RepositoryCheck {
  readonly name: string;
  readonly bin: string;
  readonly args: readonly string[];
}

export const repositoryChecks: readonly RepositoryCheck[] = [
  { name: 'types (tsc)', bin: 'tsc', args: ['--noEmit'] },
  { name: 'format and lint (biome)', bin: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'unused files, exports and dependencies (knip)', bin: 'knip', args: [] },
];

/** Runs a check with its output shown, and tells whether it held. */
export async function runCheck(check: RepositoryCheck): Promise<boolean> {
  const child = spawn(join(repositoryRoot, 'node_modules/.bin', check.bin), check.args, {
    cwd: repositoryRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    // The tools' launchers find Node by PATH, and the system's may be too old for them.
    env: { ...process.env, PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env.PATH ?? ''}` },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
