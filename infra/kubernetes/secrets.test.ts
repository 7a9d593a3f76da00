import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { secretChecksum } from './secrets.ts';

it('the checksum of secrets depends on each, on their order and on a key, and is no hash that could be guessed', () => {
  const checksum = secretChecksum('key', ['a', 'b']);
  const others = [
    secretChecksum('key', ['a', 'c']),
    secretChecksum('key', ['b', 'a']),
    secretChecksum('key', ['ab']),
    secretChecksum('another', ['a', 'b']),
    createHash('sha256')
      .update(JSON.stringify(['a', 'b']))
      .digest('hex'),
  ];
  expect(new Set([checksum, ...others]).size).toBe(6);
  expect(secretChecksum('key', ['a', 'b'])).toBe(checksum);
});
