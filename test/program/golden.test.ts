import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { clusterEnvironments } from '../../infra/config/names.ts';
import type { Declared } from '../../infra/kubernetes/dump/declared.ts';
import { placeholderMark } from '../../infra/kubernetes/dump/dump.ts';
import { dumpAll, goldenFolder, type Shown } from '../../infra/kubernetes/dump/files.ts';
import { goldenOfDump } from '../../infra/kubernetes/dump/golden.ts';
import { images } from '../../infra/kubernetes/images.ts';

let shown: readonly Shown[];
beforeAll(async () => {
  shown = await dumpAll();
  for (const { environment, declared, milliseconds } of shown)
    console.log(`${environment}: ${declared.length} resources in ${(milliseconds / 1000).toFixed(1)} s`);
});

const declaredIn = (name: string): readonly Declared[] =>
  shown.find(({ environment }) => environment === name)?.declared ?? [];

describe('what the Pulumi program declares (`npm run golden -- --update` writes it)', () => {
  it('is what is committed, in every environment', () => {
    expect(shown.map(({ environment }) => environment)).toEqual([...clusterEnvironments, 'docker']);
    const files = new Map(shown.flatMap((each) => [...each.files]));
    for (const [path, text] of files) expect(readFileSync(join(goldenFolder, path), 'utf8'), path).toBe(text);
    const committed = readdirSync(goldenFolder, { recursive: true, encoding: 'utf8' });
    expect(committed.filter((path) => path.endsWith('.yaml')).sort()).toEqual([...files.keys()].sort());
  });

  it('holds no secret, and says where each is', () => {
    const text = shown.flatMap(({ files }) => [...files.values()]).join('\n');
    expect(text).not.toContain(placeholderMark);
    expect(text.match(/^ {2}\w+: <secret>$/gm)?.length).toBeGreaterThan(20);
  });

  it('names each resource once, after its parent', () => {
    const declared = declaredIn('prod');
    const names = declared.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    const systems = declared.filter(({ custom }) => !custom).map(({ name }) => name);
    const orphans = declared.filter(
      ({ type, custom, name }) =>
        custom &&
        type !== 'pulumi:providers:kubernetes' &&
        !systems.some((system) => name.startsWith(`${system}-`)),
    );
    expect(orphans).toEqual([]);
    expect(systems.length).toBeGreaterThan(10);
  });

  it('has a secret as a secret of Pulumi, wherever it stands', () => {
    const declared = declaredIn('prod');
    const secrets = declared.filter(({ type }) => type === 'kubernetes:core/v1:Secret');
    const elsewhere = declared.filter(
      (each) => !secrets.includes(each) && JSON.stringify(each).includes(placeholderMark),
    );
    expect(elsewhere).toEqual([]);
    expect(secrets.length).toBeGreaterThan(3);
    // Pulumi's mark of a secret, by which it encrypts it in its state.
    for (const { inputs } of secrets)
      expect(inputs.stringData).toHaveProperty('4dabf18193072939515e22adb298388d');
  });

  it('differs by a line where an input differs', async () => {
    const declared = declaredIn('dev');
    // With a digest or without: the tag before it is what changes.
    const bumped = images.loki.replace(/:[^:@]+(?=@|$)/, ':0.0.1');
    const changed = JSON.parse(JSON.stringify(declared).replaceAll(images.loki, bumped));
    const before = (await goldenOfDump('dev', declared)).get('dev/loki.yaml')?.split('\n') ?? [];
    const after = (await goldenOfDump('dev', changed)).get('dev/loki.yaml')?.split('\n') ?? [];
    expect(after.filter((line, index) => line !== before[index])).toEqual([`          image: ${bumped}`]);
  });
});
