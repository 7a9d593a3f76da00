import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../../infra/repository.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const lines = (text: string): readonly string[] => text.split('\n').filter((line) => /^[^#\s]/.test(line));

/** Instructions of the Dockerfile, without comments. */
export const instructions = (): readonly string[] => lines(read('Dockerfile'));

/** Those of one image, with those of the stages that it stands on before them. */
export function imageInstructions(target: string): readonly string[] {
  const all = instructions();
  const start = all.findIndex((line) => line.startsWith('FROM ') && line.endsWith(` AS ${target}`));
  if (start < 0) return [];
  const length = all.slice(start + 1).findIndex((line) => line.startsWith('FROM '));
  const own = all.slice(start, length < 0 ? undefined : start + 1 + length);
  return [...imageInstructions(own[0]?.split(' ')[1] ?? ''), ...own];
}

/** Files that an image copies from the repository: what the ignore file leaves of its sources. */
export function copiedFiles(target: string): readonly string[] {
  const rules = lines(read('Dockerfile.dockerignore'));
  const isLeft = (path: string): boolean =>
    rules.reduce((left, rule) => {
      const pattern = rule.replace('!', '');
      return matchesGlob(path, pattern) || path.startsWith(`${pattern}/`) ? rule.startsWith('!') : left;
    }, true);
  const sources = imageInstructions(target).flatMap(
    (line) => /^COPY (?!--from)(\S+) \S+$/.exec(line)?.[1] ?? [],
  );
  return sources
    .flatMap((source) => globSync([source, `${source}/**`], { cwd: repositoryRoot, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1))
    .filter(isLeft);
}

/** Folders of packages that `npm ci --omit=dev` installs, but for those that the Dockerfile removes. */
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
