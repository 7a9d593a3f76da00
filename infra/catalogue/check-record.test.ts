import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { catalogueComponents } from '../../telemetry/catalogue/components.ts';
import { catalogue } from '../../telemetry/catalogue/index.ts';
import type { CatalogueComponent } from '../../telemetry/catalogue/types.ts';
import { pinnedVersions } from '../versions.ts';
import { checkCatalogue } from './check-record.ts';
import { entryHash, readRecord, type VerificationRecord } from './record.ts';

const sent = { type: 'counter', help: 'Sent', labels: ['b', 'a'] } as const;
const component: CatalogueComponent = { title: 'X', pinnedAs: 'x', metrics: { sent_total: sent } };
const entry = entryHash('sent_total', sent);
const record: VerificationRecord = {
  x: { version: '1.0.0', date: '2026-01-31', metrics: { sent_total: { state: 'verified', entry } } },
};
const pinned = { x: '1.0.0' };
const whats = (...given: Parameters<typeof checkCatalogue>): readonly string[] =>
  checkCatalogue(...given).map(({ code, what }) => `${code} ${what}`);

describe('the record of the verification', () => {
  it('is enough when every entry was verified at the pinned version', () => {
    expect(whats({ x: component }, record, pinned)).toEqual([]);
  });

  it('is stale when another version is pinned', () => {
    expect(whats({ x: component }, record, { x: '1.1.0' })).toEqual([
      'SL1804 x: it was verified at version 1.0.0, and infra/versions.ts pins 1.1.0',
    ]);
  });

  it('lacks a component or an entry', () => {
    expect(whats({ x: component }, {}, pinned)).toEqual(['SL1804 x: it was never verified']);
    const more = { ...component, metrics: { sent_total: sent, new_total: sent } };
    expect(whats({ x: more }, record, pinned)).toEqual(['SL1804 x: new_total: the entry was never verified']);
  });

  it.each([
    ['type', { ...sent, type: 'gauge' }],
    ['labels', { ...sent, labels: ['a'] }],
  ] as const)('is stale for an entry whose %s changed', (_, changed) => {
    const metrics = { sent_total: changed };
    expect(whats({ x: { ...component, metrics } }, record, pinned)).toEqual([
      'SL1804 x: sent_total: the entry changed since it was verified',
    ]);
  });

  it('does not care for the help text, nor for the order of labels', () => {
    const metrics = { sent_total: { ...sent, help: 'Other words', labels: ['a', 'b'] } };
    expect(whats({ x: { ...component, metrics } }, record, pinned)).toEqual([]);
  });

  it('tells what was found different or not at all', () => {
    const found = { state: 'not seen', entry, why: 'it has no sample' } as const;
    const bad = { x: { version: '1.0.0', date: '2026-01-31', metrics: { sent_total: found } } };
    expect(whats({ x: component }, bad, pinned)).toEqual([
      'SL1803 x: sent_total: not seen: it has no sample',
    ]);
  });
});

it.each([
  ['no JSON', '<<<<<<< HEAD', /SL1804 it cannot be read: SyntaxError/],
  ['of another shape', '{"x": {"version": "1.0.0"}}', /SL1804 it cannot be read: .*date/s],
])('a record that is %s is named', async (_, content, message) => {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-record-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'verified.json');
  await writeFile(file, content);
  expect(() => readRecord(file)).toThrow(message);
});

describe('a component that is not run', () => {
  const source = { version: '1.0.0', files: ['somewhere at v1.0.0'] };

  it('needs a source of the pinned version, where one is pinned', () => {
    const read = { ...component, source };
    expect(whats({ x: read }, {}, pinned)).toEqual([]);
    expect(whats({ x: { title: 'X', metrics: {}, source } }, {}, {})).toEqual([]);
    expect(whats({ x: read }, {}, { x: '2.0.0' })).toEqual([
      'SL1804 x: its source was read for version 1.0.0, and infra/versions.ts pins 2.0.0',
    ]);
  });

  it('names a product that is pinned', () => {
    expect(whats({ x: component }, record, {})).toEqual(['SL1804 x: infra/versions.ts has no product x']);
  });
});

it('a metric belongs to one component', () => {
  const other: CatalogueComponent = { ...component, source: { version: '1.0.0', files: [] } };
  expect(whats({ x: component, y: other }, record, pinned)).toEqual([
    'SL1803 sent_total: x and y both list it',
  ]);
});

describe('the catalogue of this repository', () => {
  it('is verified as it stands, at the versions that are pinned', () => {
    expect(checkCatalogue(catalogueComponents, readRecord(), pinnedVersions)).toEqual([]);
  });

  it('names the files that were read of what is not run', () => {
    for (const { source } of Object.values<CatalogueComponent>(catalogueComponents))
      if (source) expect(source.files.length).toBeGreaterThan(0);
  });

  it('is the sum of its components', () => {
    const inComponents = Object.values<CatalogueComponent>(catalogueComponents).flatMap(({ metrics }) =>
      Object.keys(metrics),
    );
    expect(Object.keys(catalogue).sort()).toEqual(inComponents.sort());
  });
});
