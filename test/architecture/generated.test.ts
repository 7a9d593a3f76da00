import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenFiles } from '../../infra/reference/golden.ts';
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

  it('the golden files of every environment are up to date', async () => {
    const files = await goldenFiles();
    const golden = committed('test/golden');
    for (const [path, text] of files) expect(golden.get(path), path).toBe(text);
    // Those of the Pulumi program need its packages: test/program looks at them.
    const rendered = [...golden.keys()].filter((path) => !path.startsWith('kubernetes/'));
    expect(rendered.sort()).toEqual([...files.keys()].sort());
  });
});
