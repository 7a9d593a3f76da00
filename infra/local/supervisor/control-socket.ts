import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';

/**
 * Where the supervisor of a state directory listens. Not in the state directory: a socket's path may have about 100
 * characters only. The directory belongs to this user alone, which is all the access control there is. Throws SL1312
 * when somebody else made it.
 */
export function controlSocketPath(stateDir: string): string {
  const uid = process.getuid?.() ?? 0;
  const directory = path.join(tmpdir(), `sightline-${uid}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new SightlineError('SL1312', {
      what: 'the directory of the control socket is not a directory of this user alone',
      where: directory,
      fix: `remove it, or make it yours: chmod 700 ${directory}; or set TMPDIR`,
    });
  }
  const hash = createHash('sha256').update(stateDir).digest('hex').slice(0, 16);
  return path.join(directory, `${hash}.sock`);
}
