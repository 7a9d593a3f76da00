import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { loadSecret, Tokens } from './tokens.ts';

const secret = 'a secret of at least thirty-two characters';

test('says for whom a token speaks, and refuses what is forged or changed', async () => {
  const tokens = new Tokens(secret);
  expect(await tokens.verify(await tokens.forUser('demo-01'))).toEqual({ kind: 'user', name: 'demo-01' });
  expect(await tokens.verify(await tokens.forService('sync'))).toEqual({ kind: 'service', name: 'sync' });
  const other = await new Tokens('another secret of thirty-two characters').forUser('demo-01');
  expect(await tokens.verify(other)).toBeUndefined();
  const [header, , signature] = (await tokens.forUser('demo-01')).split('.');
  const claims = Buffer.from('{"sub":"demo-02","kind":"user"}').toString('base64url');
  expect(await tokens.verify(`${header}.${claims}.${signature}`)).toBeUndefined();
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  expect(await tokens.verify(`${none}.${claims}.`)).toBeUndefined();
  expect(await tokens.verify('nonsense')).toBeUndefined();
});

test('the secret is made once, for its owner only, and shared', () => {
  const path = join(temporaryDirectory(), 'new', 'auth.secret');
  const first = loadSecret(undefined, path);
  expect(first.length).toBeGreaterThanOrEqual(32);
  expect(loadSecret(undefined, path)).toBe(first);
  expect(readFileSync(path, 'utf8')).toBe(first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(loadSecret(secret, path)).toBe(secret);
});

test('a damaged secret is an error with a fix', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'short'), 'short');
  mkdirSync(join(directory, 'folder'));
  expect(() => loadSecret(undefined, join(directory, 'short'))).toThrow(/SL1704.*Fix:/);
  expect(() => loadSecret(undefined, join(directory, 'folder'))).toThrow(/SL1704/);
});
