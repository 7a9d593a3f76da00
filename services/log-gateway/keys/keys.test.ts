import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forbiddenModes } from './key-file.ts';
import { KeyRing } from './key-ring.ts';
import { createKey, revokeKey, rotateKey } from './manage-keys.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(directory, 'inner', 'keys.json');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

const wish = { name: 'shop', scopes: ['write'], organizations: ['acme'] } as const;

describe('API keys', () => {
  it('let their holder in, as whom they were made for', () => {
    const { key, record } = createKey(file, wish);
    expect(new KeyRing(file).callerOf(key)).toEqual({
      id: record.id,
      scopes: ['write'],
      organizations: ['acme'],
    });
  });

  it('are kept as hashes, in a file that only its owner reads', () => {
    const { key } = createKey(file, wish);
    // A secret may have a separator in it.
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice(-43));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    'slk_',
    'x',
    'slk_0000000000000000_'.padEnd(64, 'a'),
    `slk_${'0'.repeat(16)}_${'é'.repeat(43)}`,
  ])('%j is none', (key) => {
    createKey(file, wish);
    expect(new KeyRing(file).callerOf(key)).toBe('unknown');
  });

  it('do not let in who knows the id and another’s secret', () => {
    const [one, two] = [createKey(file, wish), createKey(file, wish)];
    const mixed = `slk_${one.record.id}_${two.key.slice(-43)}`;
    expect(new KeyRing(file).callerOf(mixed)).toBe('unknown');
  });

  it('end when they expire, and when they are revoked', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') });
    const expiring = createKey(file, { ...wish, expiresAt: new Date('2026-01-02T00:00:00Z') });
    const revoked = createKey(file, wish);
    revokeKey(file, revoked.record.id);
    const ring = new KeyRing(file);
    expect(ring.callerOf(revoked.key)).toBe('revoked');
    expect(ring.callerOf(expiring.key)).toHaveProperty('id');
    vi.setSystemTime(new Date('2026-01-02T00:00:00Z'));
    expect(ring.callerOf(expiring.key)).toBe('expired');
  });

  it('are taken in both forms for a while after a rotation', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') });
    const old = createKey(file, wish);
    const rotated = rotateKey(file, old.record.id, 60_000);
    const ring = new KeyRing(file);
    expect(ring.callerOf(old.key)).toHaveProperty('id');
    expect(ring.callerOf(rotated.key)).toHaveProperty('id');
    vi.setSystemTime(new Date('2026-01-01T00:01:00Z'));
    expect(ring.callerOf(old.key)).toBe('unknown');
    expect(ring.callerOf(rotated.key)).toHaveProperty('id');
  });

  it('are not changed where there are none, or after they were revoked', () => {
    const { record } = createKey(file, wish);
    revokeKey(file, record.id);
    expect(() => rotateKey(file, record.id, 0)).toThrow(/SL1711/);
    expect(() => revokeKey(file, 'absent')).toThrow(/SL1711/);
  });

  it('are seen by a gateway that runs, when the file changes', async () => {
    const ring = new KeyRing(file);
    const { key, record } = createKey(file, wish);
    await vi.waitFor(() => expect(ring.callerOf(key)).toHaveProperty('id'), { timeout: 10_000 });
    revokeKey(file, record.id);
    await vi.waitFor(() => expect(ring.callerOf(key)).toBe('revoked'), { timeout: 10_000 });
  });

  it('let nobody in while their file is open to others or damaged, and say so', () => {
    const { key } = createKey(file, wish);
    chmodSync(file, 0o644);
    const open = new KeyRing(file);
    expect(open.callerOf(key)).toBe('unknown');
    expect(() => open.probe()).toThrow(/SL1710.*others/s);
    chmodSync(file, 0o600);
    writeFileSync(file, '{"version":1,"keys":[{}]}');
    utimesSync(file, 1, 1);
    expect(() => new KeyRing(file).probe()).toThrow(/SL1710.*damaged/s);
  });

  it('may be in a file that Kubernetes mounts: root’s, and the pod’s group’s to read', () => {
    const [root, node] = [0, 1000];
    const mounted = 0o440;
    expect(forbiddenModes({ uid: root }, node) & mounted).toBe(0);
    for (const open of [0o444, 0o460]) expect(forbiddenModes({ uid: root }, node) & open).not.toBe(0);
    for (const self of [node, undefined]) expect(forbiddenModes({ uid: node }, self) & mounted).not.toBe(0);
    expect(forbiddenModes({ uid: root }, root) & mounted).not.toBe(0);
  });
});
