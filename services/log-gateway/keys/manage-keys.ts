import { hash, randomBytes } from 'node:crypto';
import { SightlineError } from '../../../telemetry/errors.ts';
import { changeKeys } from './key-file.ts';
import type { KeyRecord, Scope } from './key-record.ts';

export interface KeyWish {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly organizations: readonly string[];
  readonly expiresAt?: Date | undefined;
}

/** A key, and the only time that its text is seen. */
export interface MadeKey {
  readonly key: string;
  readonly record: KeyRecord;
}

const prefix = 'slk';
const form = new RegExp(`^${prefix}_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$`);

/** The parts of a key's text; undefined where it is none. */
export function partsOf(key: string): { readonly id: string; readonly hash: string } | undefined {
  const [, id, secret] = form.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, hash: hashOf(secret) };
}

/** @throws SightlineError SL1710 */
export function createKey(file: string, wish: KeyWish): MadeKey {
  const id = randomBytes(8).toString('hex');
  const { key, hash } = newSecret(id);
  const { expiresAt } = wish;
  const record: KeyRecord = {
    id,
    name: wish.name,
    hash,
    scopes: [...wish.scopes],
    organizations: [...wish.organizations],
    createdAt: new Date().toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  };
  return changeKeys(file, (keys) => ({ keys: [...keys, record], result: { key, record } }));
}

/**
 * A new secret for the same key; the old one is taken for a while, so that its holders can change over.
 * @param graceMs milliseconds @throws SightlineError SL1711 where there is no such key, or it is revoked
 */
export function rotateKey(file: string, id: string, graceMs: number): MadeKey {
  const { key, hash } = newSecret(id);
  const until = new Date(Date.now() + graceMs).toISOString();
  const record = changeOne(file, id, ({ previous: _, ...old }) => ({
    ...old,
    hash,
    ...(graceMs > 0 ? { previous: { hash: old.hash, until } } : {}),
  }));
  return { key, record };
}

/** From now on nobody gets in with it. @throws SightlineError SL1711 */
export function revokeKey(file: string, id: string): KeyRecord {
  return changeOne(file, id, (old) => ({ ...old, revokedAt: new Date().toISOString() }));
}

function changeOne(file: string, id: string, change: (old: KeyRecord) => KeyRecord): KeyRecord {
  return changeKeys(file, (keys) => {
    const old = keys.find((one) => one.id === id && one.revokedAt === undefined);
    if (old === undefined) {
      throw new SightlineError('SL1711', {
        what: `there is no API key "${id}" that could be changed`,
        where: file,
        fix: 'take an id that `npm run keys -- list` shows and that is not revoked',
      });
    }
    const result = change(old);
    return { keys: keys.map((one) => (one === old ? result : one)), result };
  });
}

function newSecret(id: string): { readonly key: string; readonly hash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { key: `${prefix}_${id}_${secret}`, hash: hashOf(secret) };
}

/** In one call: it is asked for every request. */
const hashOf = (secret: string): string => hash('sha256', secret);
