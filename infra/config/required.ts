import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { SightlineError } from '../../telemetry/errors.ts';
import { environmentFile, parseEnvironment } from '../config.ts';
import { type EnvironmentName, environmentNames } from './names.ts';

/**
 * Environments whose files are refused without a key, found by leaving it out of each file that has it. A file that
 * lacks it needs it not.
 */
export function environmentsThatRequire(path: readonly string[]): readonly EnvironmentName[] {
  return environmentNames.filter((name) => {
    const document = parseDocument(readFileSync(environmentFile(name), 'utf8'));
    if (!document.hasIn(path)) return false;
    document.deleteIn(path);
    try {
      parseEnvironment(String(document), name);
      return false;
    } catch (error) {
      if (error instanceof SightlineError && error.code === 'SL1103') return true;
      throw error;
    }
  });
}
