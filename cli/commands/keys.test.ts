import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyRing } from '../../services/log-gateway/keys/key-ring.ts';
import { keysCommand } from './keys.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-command-'));
  vi.stubEnv('KEYS_FILE', join(directory, 'keys.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

async function run(...args: string[]): Promise<string> {
  const out = vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockReturnValue();
  await keysCommand().parseAsync(args, { from: 'user' });
  const printed = out.mock.calls.join('\n');
  vi.restoreAllMocks();
  return printed;
}

const wanted = ['--name', 'shop', '--scope', 'write', '--organization', 'acme'];
const callerOf = (key: string) => new KeyRing(join(directory, 'keys.json')).callerOf(key);

describe('npm run keys', () => {
  it('makes, rotates and revokes a key that the gateway knows', async () => {
    const key = await run('create', ...wanted, '--scope', 'read', '--expires', '2d');
    expect(callerOf(key)).toMatchObject({ scopes: ['write', 'read'], organizations: ['acme'] });
    const [listed] = JSON.parse(await run('list', '--json')) as { readonly id: string }[];
    const id = listed?.id ?? '';
    const rotated = await run('rotate', id, '--grace', '0s');
    expect(callerOf(key)).toBe('unknown');
    expect(callerOf(rotated)).toHaveProperty('id', id);
    await run('revoke', id);
    expect(callerOf(rotated)).toBe('revoked');
  });

  it('lists them without what lets anybody in', async () => {
    const key = await run('create', ...wanted);
    for (const text of [await run('list'), await run('list', '--json')]) {
      expect(text).toContain('shop');
      expect(text).not.toMatch(/hash|[0-9a-f]{64}/);
      expect(text).not.toContain(key.slice(-43));
    }
  });

  it.each([
    ['--scope', [...wanted, '--scope', 'wite']],
    ['--organization', [...wanted, '--organization', '../x']],
    ['--expires', [...wanted, '--expires', 'soon']],
    ['--name', ['--name', '', '--scope', 'read', '--organization', 'a']],
  ])('refuses a wrong %s and makes nothing', async (where, args) => {
    await expect(run('create', ...args)).rejects.toMatchObject({ code: 'SL1712', where });
    expect(await run('list')).toBe('No API keys.');
  });
});
