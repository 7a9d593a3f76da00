import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import { SightlineError } from '../../../telemetry/errors.ts';

/** Top-level names of the state directory that are not configuration. */
const reserved = new Set(['data', 'pods', 'run', 'supervisor.log', '.sightline-state']);

const manifestPath = 'run/files.json';

/**
 * Brings the configuration in the state directory to what the plan says: writes what is new or changed, removes
 * what an earlier plan left. Gives the paths written. Throws SL1304 for a path that is not below the directory
 * or belongs to the supervisor.
 */
export function writeConfigFiles(stateDir: string, files: ReadonlyMap<string, string>): readonly string[] {
  for (const name of files.keys()) refuseUnsafePath(name);
  const stale = readManifest(stateDir).filter((name) => !files.has(name));
  // The manifest first: a file written but not listed would never be removed.
  writeFileAtomically(
    path.join(stateDir, manifestPath),
    JSON.stringify([...files.keys(), ...stale], null, 1),
  );
  const written: string[] = [];
  for (const [name, content] of files) {
    const target = path.join(stateDir, name);
    if (readIfThere(target) === content) continue;
    writeFileAtomically(target, content);
    written.push(name);
  }
  for (const name of stale) rmSync(path.join(stateDir, name), { force: true });
  writeFileAtomically(path.join(stateDir, manifestPath), JSON.stringify([...files.keys()], null, 1));
  return written;
}

function refuseUnsafePath(name: string): void {
  const normal = path.posix.normalize(name);
  const top = normal.split('/')[0] ?? '';
  if (normal === name && !path.isAbsolute(name) && top !== '..' && top !== '.' && !reserved.has(top)) return;
  throw new SightlineError('SL1304', {
    what: `a configuration file may not be written to "${name}"`,
    where: 'LocalPlan.files',
    fix: `use a plain relative path whose first part is none of ${[...reserved].join(', ')}`,
  });
}

function readManifest(stateDir: string): readonly string[] {
  const text = readIfThere(path.join(stateDir, manifestPath));
  if (text === undefined) return [];
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string' && isSafe(name)) : [];
  } catch {
    return [];
  }
}

/** The manifest is a file like any other: what it names is removed only when we could have written it. */
function isSafe(name: string): boolean {
  try {
    refuseUnsafePath(name);
    return true;
  } catch {
    return false;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
