import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { KeyRing } from '../log-gateway/keys/key-ring.ts';
import { createKey, partsOf, revokeKey } from '../log-gateway/keys/manage-keys.ts';
import { ensureCanaryKey } from './canary-key.ts';

function files() {
  const folder = temporaryDirectory();
  const keysFile = join(folder, 'keys', 'api-keys.json');
  const keyFile = join(folder, 'canary', 'api-key');
  const key = (): string => readFileSync(keyFile, 'utf8').trim();
  return { keysFile, keyFile, key, caller: () => new KeyRing(keysFile).callerOf(key()) };
}

describe("the canary's key", () => {
  it('is made at the first start, beside the keys of others, and kept', () => {
    const { keysFile, keyFile, key, caller } = files();
    const other = createKey(keysFile, { name: 'shop', scopes: ['write'], organizations: ['acme'] });
    ensureCanaryKey(keysFile, keyFile);
    const first = key();
    ensureCanaryKey(keysFile, keyFile);
    expect(key()).toBe(first);
    expect(caller()).toMatchObject({ scopes: ['write', 'read'], organizations: ['canary'] });
    expect(new KeyRing(keysFile).callerOf(other.key)).toMatchObject({ organizations: ['acme'] });
  });

  it.each([
    [
      'is revoked',
      ({ keysFile, key }: ReturnType<typeof files>) => revokeKey(keysFile, partsOf(key())?.id ?? ''),
    ],
    ['is damaged', ({ keyFile }: ReturnType<typeof files>) => writeFileSync(keyFile, 'slk_')],
    [
      'is not among those that the gateway knows',
      ({ keysFile }: ReturnType<typeof files>) => writeFileSync(keysFile, '{"version":1,"keys":[]}'),
    ],
  ])('is made anew where it %s', (_what, spoil) => {
    const made = files();
    const { keysFile, keyFile, key, caller } = made;
    ensureCanaryKey(keysFile, keyFile);
    const first = key();
    spoil(made);
    ensureCanaryKey(keysFile, keyFile);
    expect(key()).not.toBe(first);
    expect(caller()).toMatchObject({ organizations: ['canary'] });
  });
});
