import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export const repository = join(import.meta.dirname, '../..');
/** Contract and rules: what a rename is made in, and what must notice. */
const rooms = ['telemetry', 'alerts'] as const;

/** Tests and scenarios write queries and samples as Prometheus has them: text, and no rule. */
const isSource = (path: string): boolean =>
  !/\.test\.ts$|scenarios|examples\.ts$|^alerts\/(inbox|mutants)/.test(path);

/** Files of the copied rules, by path below the repository. */
export const rulesOfCopy = (): readonly string[] =>
  readdirSync(join(repository, 'alerts'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('alerts', name))
    .filter((path) => path.endsWith('.ts') && isSource(path));

/** A copy of the sources that may be changed and compiled by the real `tsc`. */
export interface CompiledCopy extends AsyncDisposable {
  readonly edit: (path: string, change: (text: string) => string) => Promise<void>;
  /** `file:line` of every error that `tsc --noEmit` reports. */
  readonly compile: () => Promise<readonly string[]>;
}

export async function copySources(): Promise<CompiledCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-types-'));
  const filter = (path: string): boolean => isSource(relative(repository, path));
  await Promise.all(
    rooms.map((room) => cp(join(repository, room), join(directory, room), { recursive: true, filter })),
  );
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
  await cp(join(repository, 'package.json'), join(directory, 'package.json'));
  const base = await readFile(join(repository, 'tsconfig.json'), 'utf8');
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ ...JSON.parse(base), include: rooms }));
  return {
    edit: async (path, change) => {
      const file = join(directory, path);
      const before = await readFile(file, 'utf8').catch(() => '');
      await writeFile(file, change(before));
    },
    compile: () => compile(directory),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function compile(directory: string): Promise<readonly string[]> {
  const tsc = join(repository, 'node_modules/.bin/tsc');
  return new Promise((resolve) => {
    // An exit code of 1 is what is expected; what is reported is what counts.
    execFile(
      tsc,
      ['--noEmit', '--pretty', 'false'],
      { cwd: directory, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout) => {
        const errors = [...stdout.matchAll(/^(\S+\.ts)\((\d+),\d+\): error/gm)];
        resolve([...new Set(errors.map(([, file, line]) => `${file}:${line}`))].sort());
      },
    );
  });
}
