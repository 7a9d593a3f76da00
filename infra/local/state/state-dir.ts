import { accessSync, constants, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import { repositoryRoot } from '../../repository.ts';

const marker = '.sightline-state';

/** The state directory of a stack when nothing else is asked for: `<repository>/.sightline/stack-<offset>`. */
export function defaultStateDir(portOffset: number): string {
  return path.join(repositoryRoot, '.sightline', `stack-${portOffset}`);
}

/**
 * Makes the directory, its `data`, `pods` and `run`, and the marker that says it is ours. Only its owner may read
 * it: it holds the stack's logs. Throws SL1301 when it cannot be written, SL1302 when it holds something else.
 */
export function openStateDir(stateDir: string): void {
  try {
    makeDirectory(stateDir, 0o700);
    refuseForeignDirectory(stateDir);
    // First of all and in one step: another start at the same moment must not find the rest without it.
    writeFileSync(path.join(stateDir, marker), 'Sightline keeps the state of a local stack here.\n', {
      mode: 0o600,
    });
    for (const part of ['data', 'pods', 'run']) makeDirectory(path.join(stateDir, part));
  } catch (error) {
    if (error instanceof SightlineError) throw error;
    throw unwritable(stateDir, error);
  }
}

/** Proves that the state directory could be made or written, without making it (for `doctor`). Throws as openStateDir. */
export function checkStateDir(stateDir: string): void {
  let existing = stateDir;
  for (;;) {
    try {
      readdirSync(existing);
      accessSync(existing, constants.W_OK | constants.X_OK);
      break;
    } catch (error) {
      if (!isMissing(error) || path.dirname(existing) === existing) throw unwritable(stateDir, error);
      existing = path.dirname(existing);
    }
  }
  if (existing === stateDir) refuseForeignDirectory(stateDir);
}

/** Removes the state directory with all in it; false when there is none. Throws SL1302 when it is not ours. */
export function wipeStateDir(stateDir: string): boolean {
  try {
    readdirSync(stateDir);
  } catch (error) {
    if (isMissing(error)) return false;
    throw unwritable(stateDir, error);
  }
  if (!hasMarker(stateDir)) throw notOurs(stateDir, 'it has no marker file');
  try {
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw unwritable(stateDir, error);
  }
  return true;
}

function refuseForeignDirectory(stateDir: string): void {
  if (readdirSync(stateDir).length > 0 && !hasMarker(stateDir)) {
    throw notOurs(stateDir, 'it is not empty and has no marker file');
  }
}

function hasMarker(stateDir: string): boolean {
  try {
    readFileSync(path.join(stateDir, marker));
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function notOurs(stateDir: string, why: string): SightlineError {
  return new SightlineError('SL1302', {
    what: `refusing to use or remove a directory that Sightline did not make: ${why} (${marker})`,
    where: stateDir,
    fix: 'name another directory with --state-dir or SIGHTLINE_STATE_DIR',
  });
}

function unwritable(stateDir: string, cause: unknown): SightlineError {
  return new SightlineError('SL1301', {
    what: `the state directory cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: stateDir,
    fix: 'make it writable, or name another one with --state-dir or SIGHTLINE_STATE_DIR',
    cause,
  });
}
