import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentNames } from '../../infra/config/names.ts';
import { environmentFiles } from '../../infra/environment.ts';
import { goldenRoot } from '../../infra/reference/golden.ts';
import { referencePages } from '../../infra/reference/pages.ts';
import { repository } from './sources.ts';

/** Files below a folder of the repository, by path relative to it. */
function committed(folder: string): ReadonlyMap<string, string> {
  const root = join(repository, folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(root.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

const inOrder = (files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...files].sort(([a], [b]) => a.localeCompare(b));

describe('what is generated and committed (`npm run docs` writes it)', () => {
  it('docs/reference is up to date', () => {
    expect(inOrder(committed('docs/reference'))).toEqual(inOrder(referencePages()));
  });

  it.each(environmentNames)('the golden files of %s are up to date', async (name) => {
    const files = await environmentFiles(name, goldenRoot);
    const golden = committed(join('test/golden', name));
    for (const [path, text] of files) expect(golden.get(path), path).toBe(text);
    expect([...golden.keys()].sort()).toEqual([...files.keys()].sort());
  });
});
