import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const bytes = 18;

/** Grafana's `admin`: the password given, or the one of the last start, or a new one that nobody can guess. */
export function adminPassword(given: string | undefined, file: string): string {
  return given ?? readIfThere(file) ?? randomBytes(bytes).toString('base64url');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
