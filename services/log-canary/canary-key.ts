import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { readKeys } from '../log-gateway/keys/key-file.ts';
import { createKey, partsOf } from '../log-gateway/keys/manage-keys.ts';

/** The canary's lines are a tenant of their own: nobody finds them among the platform's or a customer's. */
const organization = 'canary';

/**
 * A key of the canary's own, made at the first start, and again where it was revoked or its file is gone.
 * @throws SightlineError SL1710 where the file of API keys cannot be used
 */
export function ensureCanaryKey(keysFile: string, keyFile: string): void {
  const parts = partsOf(readIfThere(keyFile).trim());
  const isTaken = readKeys(keysFile).some(
    ({ id, hash, revokedAt }) => id === parts?.id && hash === parts.hash && revokedAt === undefined,
  );
  if (isTaken) return;
  const { key } = createKey(keysFile, {
    name: 'log-canary',
    scopes: ['write', 'read'],
    organizations: [organization],
  });
  writeFileAtomically(keyFile, `${key}\n`);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
