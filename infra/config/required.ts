import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkSettings, environmentFile } from '../config.ts';
import { type EnvironmentName, environmentNames } from './names.ts';

/**
 * Environments whose files are refused without a key, found by leaving it out of each file that has it. A file that
 * lacks it needs it not.
 */
export function environmentsThatRequire(path: readonly string[]): readonly EnvironmentName[] {
  return environmentNames.filter((name) => {
    const settings = structuredClone(settingsOf(name));
    const parent = path.slice(0, -1).reduce<unknown>(below, settings);
    const key = path.at(-1) ?? '';
    if (!isGroup(parent) || !Object.hasOwn(parent, key)) return false;
    delete parent[key];
    return 'complaints' in checkSettings(settings);
  });
}

const parsed = new Map<EnvironmentName, unknown>();

/** Parsed once a process: parsing takes longer than all else here, and every key asks for every file. */
function settingsOf(name: EnvironmentName): unknown {
  const settings = parsed.get(name) ?? parse(readFileSync(environmentFile(name), 'utf8'));
  parsed.set(name, settings);
  return settings;
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const below = (value: unknown, key: string): unknown =>
  isGroup(value) && Object.hasOwn(value, key) ? value[key] : undefined;
