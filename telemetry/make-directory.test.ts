import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectory } from './make-directory.ts';

function temporary(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'sightline-directory-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('makes what is missing above it, with the mode, and is content with what is there', () => {
  const directory = path.join(temporary(), 'a/b/c');
  makeDirectory(directory, 0o700);
  makeDirectory(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(path.dirname(directory)).mode & 0o777).toBe(0o700);
});

test('a relative path is made below the working directory', () => {
  const directory = path.relative(process.cwd(), path.join(temporary(), 'x/y'));
  makeDirectory(directory);
  expect(statSync(directory).isDirectory()).toBe(true);
});

test('a file in the way is refused', () => {
  const file = path.join(temporary(), 'file');
  writeFileSync(file, '');
  expect(() => makeDirectory(file)).toThrow('EEXIST');
  expect(() => makeDirectory(path.join(file, 'below'))).toThrow('EEXIST');
});

test.skipIf(!existsSync('/proc/self'))('below /proc it fails rather than hangs', () => {
  expect(() => makeDirectory('/proc/nope/below')).toThrow('ENOENT');
});
