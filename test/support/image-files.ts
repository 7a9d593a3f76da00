import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../../infra/repository.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const lines = (text: string): readonly string[] => text.split('\n').filter((line) => /^[^#\s]/.test(line));

/** Instructions of a Dockerfile of this repository, without comments. */
export const instructions = (dockerfile: string): readonly string[] => lines(read(dockerfile));

/** Those of the image itself. */
export function lastStage(dockerfile: string): readonly string[] {
  const all = instructions(dockerfile);
  return all.slice(all.findLastIndex((line) => line.startsWith('FROM ')));
}

/** Files that the last stage copies from the repository: what the ignore file leaves of its sources. */
export function copiedFiles(dockerfile: string): readonly string[] {
  const rules = lines(read(`${dockerfile}.dockerignore`));
  const isLeft = (path: string): boolean =>
    rules.reduce((left, rule) => {
      const pattern = rule.replace('!', '');
      return matchesGlob(path, pattern) || path.startsWith(`${pattern}/`) ? rule.startsWith('!') : left;
    }, true);
  const sources = lastStage(dockerfile).flatMap((line) => /^COPY (?!--from)(\S+) \S+$/.exec(line)?.[1] ?? []);
  return sources
    .flatMap((source) => globSync([source, `${source}/**`], { cwd: repositoryRoot, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1))
    .filter(isLeft);
}

/** Folders of packages that `npm ci --omit=dev` installs, but for those that the Dockerfiles remove. */
export function installedPackages(): readonly string[] {
  const lock = z
    .object({
      packages: z.record(z.string(), z.object({ dev: z.boolean(), devOptional: z.boolean() }).partial()),
    })
    .parse(JSON.parse(read('package-lock.json')));
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => !/^node_modules\/node(-bin-.*)?$/.test(path));
}
