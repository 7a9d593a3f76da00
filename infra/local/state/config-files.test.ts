import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeConfigFiles } from './config-files.ts';
import { openStateDir } from './state-dir.ts';

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'sightline-files-'));
  openStateDir(stateDir);
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const at = (name: string) => path.join(stateDir, name);

it('writes only what changed, removes what is no longer planned, and leaves the rest alone', () => {
  expect(
    writeConfigFiles(
      stateDir,
      new Map([
        ['a.yml', '1'],
        ['rules/b.yml', '2'],
      ]),
    ),
  ).toEqual(['a.yml', 'rules/b.yml']);
  writeFileSync(at('data/kept'), '');
  expect(
    writeConfigFiles(
      stateDir,
      new Map([
        ['a.yml', '1'],
        ['c.yml', '3'],
      ]),
    ),
  ).toEqual(['c.yml']);
  expect(existsSync(at('rules/b.yml'))).toBe(false);
  expect(readFileSync(at('c.yml'), 'utf8')).toBe('3');
  expect(existsSync(at('data/kept'))).toBe(true);
  expect(statSync(at('c.yml')).mode & 0o077).toBe(0);
});

it.for(['../out.yml', '/etc/out.yml', 'data/x', 'run/files.json', 'a/../../out', './a'])(
  'refuses %s',
  (name) => {
    expect(() => writeConfigFiles(stateDir, new Map([[name, 'x']]))).toThrow(/SL1304/);
  },
);

it('removes nothing that a damaged list of files names outside the directory', () => {
  const outside = `${stateDir}-outside`;
  writeFileSync(outside, 'mine');
  try {
    writeFileSync(at('run/files.json'), JSON.stringify([`../${path.basename(outside)}`, 'data']));
    writeConfigFiles(stateDir, new Map());
    expect(readFileSync(outside, 'utf8')).toBe('mine');
    expect(existsSync(at('data'))).toBe(true);
    writeFileSync(at('run/files.json'), '{"torn');
    expect(writeConfigFiles(stateDir, new Map([['a.yml', '1']]))).toEqual(['a.yml']);
  } finally {
    rmSync(outside);
  }
});
