import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../infra/repository.ts';
import { errorCodes } from '../../telemetry/errors.ts';

/** Old Nodes by major version, as far as the registry gives them. */
const oldNodes = new Map<number, string>();
const nodesDirectory = mkdtempSync(path.join(tmpdir(), 'sightline-nodes-'));

beforeAll(() => {
  for (const version of ['12.22.12', '16.20.2', '18.20.8']) {
    const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
    const name = `${prefix}-${process.platform}-${process.arch}`;
    const directory = path.join(nodesDirectory, version);
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'package.json'), '{"private":true}');
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
        cwd: directory,
        stdio: 'pipe',
      });
      oldNodes.set(Number.parseInt(version, 10), path.join(directory, 'node_modules', name, 'bin', 'node'));
    } catch (error) {
      console.warn(`Node ${version} cannot be had here, so what needs it is skipped: ${String(error)}`);
    }
  }
});
afterAll(() => rmSync(nodesDirectory, { recursive: true }));

/** A clone in small: boot.cjs, a main.ts that says how it was run, and a package `node` that brings this Node. */
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'sightline-clone-'));
  mkdirSync(path.join(clone, 'cli'));
  copyFileSync(path.join(repositoryRoot, 'cli/boot.cjs'), path.join(clone, 'cli/boot.cjs'));
  writeFileSync(
    path.join(clone, 'cli/main.ts'),
    `const args: readonly string[] = process.argv.slice(2);
     if (args[0] === 'wait') { process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); }
     else process.exitCode = Number(args[0] ?? 0);
     console.log(JSON.stringify({ version: process.version, args }));`,
  );
  mkdirSync(path.join(clone, 'fake-node'));
  writeFileSync(path.join(clone, 'fake-node/package.json'), '{"name":"node","version":"24.0.0"}');
  writeFileSync(
    path.join(clone, 'fake-node/installArchSpecificPackage.js'),
    `require('fs').mkdirSync('bin'); require('fs').symlinkSync(${JSON.stringify(process.execPath)}, 'bin/node');`,
  );
  writePackages({ node: 'file:fake-node' });
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function writePackages(dependencies: Readonly<Record<string, string>>): void {
  const manifest = { name: 'clone', version: '1.0.0', private: true, type: 'module', dependencies };
  writeFileSync(path.join(clone, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], {
    cwd: clone,
    stdio: 'pipe',
  });
}

function boot(node: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(node, [path.join(clone, 'cli/boot.cjs'), ...args], {
    cwd: clone,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const finished = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

describe('an old Node', () => {
  it.for([12, 16])('%i is refused with what to do', async (major, { skip }) => {
    const node = oldNodes.get(major);
    if (node === undefined) return skip(`Node ${major} cannot be had from the registry`);
    const { code, stderr } = await boot(node, ['start']).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^SL1001 Node ${major}\\.\\S+ is too old`));
    expect(stderr).toContain('fix: install Node 18 or newer');
    expect(existsSync(path.join(clone, 'node_modules'))).toBe(false);
  });

  it('18 installs what is missing and hands over to Node 24: arguments, exit code, signals', async ({
    skip,
  }) => {
    const node = oldNodes.get(18);
    if (node === undefined) return skip('Node 18 cannot be had from the registry');
    const first = await boot(node, ['5', '--x=y z']).finished;
    expect(first.stderr).toContain('Installing packages (npm ci)');
    expect(first.stderr).toContain('Installing Node 24');
    expect(JSON.parse(first.stdout)).toEqual({ version: process.version, args: ['5', '--x=y z'] });
    expect(first.code).toBe(5);
    const waiting = boot(node, ['wait']);
    waiting.child.stdout.once('data', () => waiting.child.kill('SIGTERM'));
    const second = await waiting.finished;
    expect(second.stderr).toBe('');
    expect(second.code).toBe(9);
  });
});

describe('the packages', () => {
  it('are installed once, and again when the lock file changed', async () => {
    const first = await boot(process.execPath, ['0']).finished;
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('npm ci');
    // Without npm on PATH: there is nothing left for it to do.
    expect(await boot(process.execPath, ['3'], { PATH: '' }).finished).toMatchObject({ code: 3, stderr: '' });
    cpSync(path.join(clone, 'fake-node'), path.join(clone, 'other'), { recursive: true });
    writePackages({ node: 'file:fake-node', other: 'file:other' });
    const third = await boot(process.execPath, ['0']).finished;
    expect(third.stderr).toContain('npm ci');
    expect(existsSync(path.join(clone, 'node_modules/other'))).toBe(true);
  });

  it('are left alone when they were installed by hand', async () => {
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: clone, stdio: 'pipe' });
    expect(await boot(process.execPath, ['0'], { PATH: '' }).finished).toMatchObject({ code: 0, stderr: '' });
  });

  it('are installed by one of two commands at once', async () => {
    const both = await Promise.all([
      boot(process.execPath, ['0']).finished,
      boot(process.execPath, ['0']).finished,
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(existsSync(path.join(clone, '.sightline/install.lock'))).toBe(false);
  });

  it('are installed although a dead command left its lock', async () => {
    mkdirSync(path.join(clone, '.sightline'));
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.once('close', resolve));
    writeFileSync(path.join(clone, '.sightline/install.lock'), String(dead.pid));
    expect((await boot(process.execPath, ['0']).finished).code).toBe(0);
  });

  it('that npm cannot install give its own message and the fix', async () => {
    const manifest = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
    const scripts = { preinstall: 'exit 7' };
    writeFileSync(path.join(clone, 'package.json'), JSON.stringify({ ...manifest, scripts }));
    const { code, stderr } = await boot(process.execPath, ['0']).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/SL1003 npm ci failed \(exit code 7\):\n {4}npm error code 7/);
    expect(stderr).toContain('fix: mend what npm says');
  });

  it('cannot be installed without npm', async () => {
    const { code, stderr } = await boot(process.execPath, ['0'], { PATH: '' }).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/SL1002 npm is missing/);
  });
});

describe('what a command compiled', () => {
  beforeEach(() => {
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: clone, stdio: 'pipe' });
  });
  const run = () => boot(process.execPath, ['0'], { NODE_COMPILE_CACHE: undefined }).finished;

  it('is kept for the next one', async () => {
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    const kept = readdirSync(path.join(clone, 'node_modules/.cache/node-compile'), { recursive: true });
    expect(kept.length).toBeGreaterThan(1);
  });

  it('is done without where it cannot be kept', async () => {
    writeFileSync(path.join(clone, 'node_modules/.cache'), 'not a folder');
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
  });
});

it('uses no code that the table of errors lacks', () => {
  const used = readFileSync(path.join(repositoryRoot, 'cli/boot.cjs'), 'utf8').match(/SL\d{4}/g) ?? [];
  expect(used.length).toBeGreaterThan(3);
  for (const code of used) expect(Object.keys(errorCodes)).toContain(code);
});
