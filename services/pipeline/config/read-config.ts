import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SightlineError } from '../../../telemetry/errors.ts';
import { configSchema, contradictions, type PipelineConfig } from './schema.ts';
import { settings, settingValue } from './variables.ts';

type Tree = Record<string, unknown>;

export interface ConfigSource {
  /** The path of config.yaml; without it the defaults hold. PIPELINE_CONFIG names it too. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The configuration of all processes of the log pipeline: its file, and environment variables over it.
 * @throws SightlineError SL1709 naming everything that is wrong with it
 */
export function readPipelineConfig({ file: given, env }: ConfigSource): PipelineConfig {
  const file = given ?? (env.PIPELINE_CONFIG === '' ? undefined : env.PIPELINE_CONFIG);
  const tree = file === undefined ? {} : readTree(file);
  for (const { path, variable, kind } of settings) {
    const text = env[variable];
    if (text !== undefined && text !== '') put(tree, path, settingValue(kind, text));
  }
  const parsed = configSchema.safeParse(tree);
  const where = file ?? 'the environment';
  if (!parsed.success) {
    throw refused(
      where,
      parsed.error.issues.map(({ path, message, ...issue }) => [
        [...path, ...(issue.code === 'unrecognized_keys' ? [issue.keys.join(', ')] : [])].join('.'),
        message,
      ]),
    );
  }
  const wrong = contradictions(parsed.data);
  if (wrong.length > 0) throw refused(where, wrong);
  return parsed.data;
}

function readTree(file: string): Tree {
  try {
    const document: unknown = parse(readFileSync(file, 'utf8')) ?? {};
    if (isTree(document)) return document;
    throw new Error('it is no mapping of settings');
  } catch (cause) {
    throw new SightlineError('SL1709', {
      what: `the configuration cannot be read: ${cause instanceof Error ? cause.message.split('\n')[0] : 'unknown'}`,
      where: file,
      fix: 'give the path of a YAML file as docs/log-pipeline.md shows one',
      cause,
    });
  }
}

/** Values are not named: one of them may be a secret. */
function refused(where: string, wrong: readonly (readonly [path: string, why: string])[]): SightlineError {
  return new SightlineError('SL1709', {
    what: wrong.map(([path, why]) => `${path || 'the file'}: ${why} (${variableOf(path)})`).join('; '),
    where,
    fix: 'correct these settings; --print-config shows all of them',
  });
}

function variableOf(path: string): string {
  const setting = settings.find((one) => one.path.join('.') === path);
  return setting === undefined ? 'config.yaml' : `variable ${setting.variable}`;
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const below = tree[key];
  const next: Tree = isTree(below) ? below : {};
  tree[key] = next;
  put(next, rest, value);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
