import { describe, expect, it } from 'vitest';
import { configurationKeys } from './keys.ts';

const shown = ({ path }: { readonly path: readonly string[] }): string => path.join('.');

describe('every key of an environment file', () => {
  const keys = configurationKeys();

  it('has a description', () => {
    expect(keys.filter(({ description }) => description.trim() === '').map(shown)).toEqual([]);
  });

  it('says what may stand there, or has keys below it', () => {
    const groups = new Set(keys.map(({ path }) => path.slice(0, -1).join('.')));
    const silent = keys.filter((key) => key.allowed === '' && !groups.has(shown(key)));
    expect(silent.map(shown)).toEqual([]);
  });

  it('is described without repeating its name', () => {
    expect(keys.filter(({ path, description }) => description === path.at(-1)).map(shown)).toEqual([]);
    expect(keys.length).toBeGreaterThan(60);
  });
});
