import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { dayOf, overrideComplaints } from '../alerts/overrides.ts';
import { allRules } from '../alerts/rules/index.ts';
import { SightlineError } from '../telemetry/errors.ts';
import { type Complaint, complaintsOf, refusal } from './config/explain.ts';
import { type EnvironmentName, environmentNames } from './config/names.ts';
import { type EnvironmentConfig, schema } from './config/schema.ts';
import { withTraceStore } from './config/traces.ts';

export type { EnvironmentConfig } from './config/schema.ts';

/** Largest environment file that is read, in bytes: what a person writes is far smaller. */
const maxFileBytes = 256 * 1024;

/** @throws SightlineError SL1105 when no environment has this name */
export function readEnvironmentName(name: string): EnvironmentName {
  const known = environmentNames.find((candidate) => candidate === name);
  if (known) return known;
  throw new SightlineError('SL1105', {
    what: `there is no environment "${name}"`,
    where: '--env',
    fix: `use one of: ${environmentNames.join(', ')}`,
  });
}

/** Where the settings of an environment are. */
export const environmentFile = (name: EnvironmentName): string =>
  fileURLToPath(new URL(`./environments/${name}.yaml`, import.meta.url));

/**
 * Reads `infra/environments/<name>.yaml`, or `file` in its place.
 * @throws SightlineError SL1101 unreadable, SL1102 not YAML, SL1103 a key is unknown, missing or out of bounds
 */
export function readEnvironment(name: EnvironmentName, file = environmentFile(name)): EnvironmentConfig {
  const config = parseEnvironment(readText(file), file);
  if (config.environment === name) return config;
  throw new SightlineError('SL1103', {
    what: `the file is about ${config.environment}, and ${name} was asked for`,
    where: file,
    fix: `write \`environment: ${name}\`, or name another file`,
  });
}

function readText(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= maxFileBytes) return text;
  } catch (cause) {
    throw new SightlineError('SL1101', {
      what: `cannot read the environment file: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: file,
      fix: 'give the path of a readable file, or restore it with `git checkout infra/environments`',
      cause,
    });
  }
  throw new SightlineError('SL1101', {
    what: `the environment file is larger than ${maxFileBytes} bytes`,
    where: file,
    fix: 'keep only the keys that docs/reference/configuration.md lists',
  });
}

/** The text of an environment file, validated; `file` is only named in errors. A `today` is `2030-01-31`. */
export function parseEnvironment(text: string, file: string, today = dayOf(new Date())): EnvironmentConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) {
    throw new SightlineError('SL1102', {
      what: `not valid YAML: ${broken.message.split('\n')[0]}`,
      where: `${file}:${lines.linePos(broken.pos[0]).line}`,
      fix: 'correct the line; the file in the repository shows the shape',
    });
  }
  const checked = checkSettings(document.toJS({ maxAliasCount: 100 }) ?? {}, today);
  if ('config' in checked) return checked.config;
  throw refusal(checked.complaints, { name: file, document, lines });
}

/** What a file says, once it is parsed: valid, or what is wrong with it. */
export function checkSettings(
  settings: unknown,
  today = dayOf(new Date()),
): { readonly config: EnvironmentConfig } | { readonly complaints: readonly Complaint[] } {
  const parsed = schema.safeParse(settings, { reportInput: true, jitless: true });
  if (!parsed.success) return { complaints: complaintsOf(parsed.error.issues) };
  const { thresholds, alerts } = parsed.data;
  const complaints = overrideComplaints(allRules, { thresholds, ...alerts }, today);
  return complaints.length > 0 ? { complaints } : { config: withTraceStore(parsed.data) };
}
