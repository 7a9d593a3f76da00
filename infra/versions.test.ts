import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from './repository.ts';
import { productVersions } from './versions.ts';

const renovate = z.object({
  customManagers: z.array(
    z.object({
      managerFilePatterns: z.tuple([z.string()]),
      matchStrings: z.tuple([z.string()]),
      depNameTemplate: z.string().optional(),
      extractVersionTemplate: z.string().optional(),
    }),
  ),
});

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

/** What Renovate would find in infra/versions.ts: of each manager, every match. */
function found(text: string) {
  const { customManagers } = renovate.parse(JSON.parse(read('renovate.json')));
  return customManagers.flatMap(
    ({ managerFilePatterns: [file], matchStrings: [pattern], depNameTemplate }) =>
      new RegExp(file.slice(1, -1)).test('infra/versions.ts')
        ? [...text.matchAll(new RegExp(pattern, 'g'))].map(({ groups = {} }) => ({
            name: depNameTemplate ?? groups.depName,
            version: groups.currentValue,
          }))
        : [],
  );
}

describe('Renovate', () => {
  const matches = found(read('infra/versions.ts'));
  const products = Object.entries(productVersions);

  it.each(products)('finds the version of %s, once', (product, { version }) => {
    const own = matches.filter(({ name }) => {
      const [owner, last] = (name ?? '').replaceAll('-', '_').split('/');
      return !name?.includes('.') && (last === product || `${owner}_${last}` === product);
    });
    expect(own.map((match) => match.version)).toEqual([version]);
  });

  it('finds every Go module', () => {
    const modules = products.flatMap(([, { goModule }]) =>
      goModule ? [{ name: goModule.path, version: goModule.version }] : [],
    );
    expect(modules.length).toBeGreaterThan(5);
    expect(matches).toEqual(expect.arrayContaining(modules));
    expect(matches).toHaveLength(products.length + modules.length);
  });

  it('would not find a product that is written in another way', () => {
    const text = read('infra/versions.ts').replace("jaeger: { version: '", "jaeger: { release: '");
    expect(found(text)).toHaveLength(matches.length - 1);
  });
});
