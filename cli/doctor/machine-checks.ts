import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../../infra/repository.ts';
import { type CheckResult, failed, ok, warn } from './check-result.ts';

const gibibyte = 1024 ** 3;
/** Below this the stack cannot keep its data; below the second one building every tool does not fit (bytes). */
const leastDisk = 1 * gibibyte;
const comfortableDisk = 8 * gibibyte;
/** The whole stack takes about 1 GiB (bytes). */
const comfortableMemory = 2 * gibibyte;

export function checkNode(): CheckResult {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `${process.versions.node} at ${process.execPath}`;
  return major >= 24
    ? ok('node', detail)
    : failed('node', detail, 'run it through npm, which brings Node 24');
}

export async function checkNpm(): Promise<CheckResult> {
  const version = await firstLine('npm', ['--version']);
  if (version === undefined) return failed('npm', 'not on PATH', 'install npm (it comes with Node)');
  return ok('npm', version);
}

/** @param needed whether some tool would have to be built */
export async function checkGo(needed: boolean): Promise<CheckResult> {
  const version = await firstLine('go', ['version']);
  if (version !== undefined) return ok('go', version.replace(/^go version /, ''));
  if (!needed) return ok('go', 'not on PATH, and not needed: every tool is there');
  return warn(
    'go',
    'not on PATH; tools without a release download cannot be built',
    'install Go from https://go.dev/dl',
  );
}

/** Free space where the directory is or would be. */
export async function checkDisk(name: string, directory: string): Promise<CheckResult> {
  let existing = directory;
  while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const detail = `${(free / gibibyte).toFixed(1)} GiB free for ${directory}`;
  const fix = `free some space on the disk of ${existing}`;
  if (free < leastDisk) return failed(name, detail, fix);
  return free < comfortableDisk
    ? warn(name, `${detail}; building every tool takes up to 8 GiB`, fix)
    : ok(name, detail);
}

export function checkMemory(): CheckResult {
  const detail = `${(totalmem() / gibibyte).toFixed(1)} GiB memory, ${availableParallelism()} processors`;
  if (totalmem() >= comfortableMemory) return ok('memory', detail);
  return warn('memory', detail, 'give this machine 2 GiB or more, or start with --no-traffic');
}

/** A clock in the past makes Loki refuse lines and certificates look not yet valid. */
export function checkClock(): CheckResult {
  const now = new Date();
  const cloned = statSync(path.join(repositoryRoot, 'package.json')).mtime;
  if (now >= cloned) return ok('clock', now.toISOString());
  return failed('clock', `${now.toISOString()} is before this clone was made`, 'set the clock (NTP)');
}

export function checkChromium(env: NodeJS.ProcessEnv): CheckResult {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (env.PATH ?? '').split(path.delimiter);
  const macOs = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const found = [...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...macOs].find(
    existsSync,
  );
  if (found !== undefined) return ok('chromium', found);
  return warn(
    'chromium',
    'not found; only the browser tests need it',
    'install chromium, or pass those tests over',
  );
}

/** The first line that a command prints, or undefined when it cannot be run. */
function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 10_000, encoding: 'utf8' }, (error, stdout) => {
      resolve(error === null ? stdout.trim().split('\n')[0] : undefined);
    });
  });
}
