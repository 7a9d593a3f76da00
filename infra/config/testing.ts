import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseEnvironment } from '../config.ts';

const textOf = (name: string): string =>
  readFileSync(new URL(`../environments/${name}.yaml`, import.meta.url), 'utf8');

/** Environment files of the repository. */
export const local = textOf('local');
export const staging = textOf('staging');
export const prod = textOf('prod');

/** What broken environment files are called in messages, and the day on which they are read. */
const file = 'my.yaml';
const today = '2026-11-21';

export const parse = (text: string): unknown => parseEnvironment(text, file, today);

/** The message of the error that is thrown. */
export function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'no error';
}

export const lineOf = (text: string, key: string): number =>
  text.split('\n').findIndex((line) => line.trim().startsWith(key)) + 1;

/** The text with one thing replaced, which must have been there. */
export function but(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`no ${from} in the file`);
  return text.replace(from, to);
}

/** Sees the text refused at the line of `key`, with what was given and what is allowed. */
export function expectRefusal(text: string, key: string, said: string): void {
  const message = failure(() => parse(text));
  expect(message).toContain('SL1103');
  expect(message).toContain(said);
  expect(message).toContain(`line ${lineOf(text, key)}, `);
  expect(message).toMatch(/\(my\.yaml:\d+\)/);
  expect(message).toContain('Fix:');
}
