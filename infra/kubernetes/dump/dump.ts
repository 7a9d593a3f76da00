import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SecretForm } from '../../../telemetry/contract/secrets.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import type { ClusterEnvironment } from '../../config/names.ts';
import { toYaml } from '../../render/yaml.ts';
import { repositoryRoot } from '../../repository.ts';
import { clusterContext } from '../cluster-context.ts';
import { type ClusterSecretName, secretTable } from '../secrets.ts';
import { clusterSystems, secretsOf } from '../systems.ts';
import { type Declared, stackVariable } from './declared.ts';

/** What stands for every secret, and must be nowhere but in Secrets. */
export const placeholderMark = 'placeholder0of0a0secret0';

const placeholders: Readonly<Record<SecretForm, string>> = {
  url: `https://${placeholderMark}.invalid/`,
  'pagerduty-key': placeholderMark.padEnd(32, '0'),
  password: placeholderMark,
  token: placeholderMark.padEnd(32, '0'),
  'url-safe': placeholderMark,
  json: JSON.stringify({ key: placeholderMark }),
};

export interface Dump {
  readonly declared: readonly Declared[];
  /** Milliseconds from nothing to the last resource: a Node of its own, Pulumi, the program. */
  readonly milliseconds: number;
}

const timeoutMs = 120_000;
const outputLimit = 64 * 1024 * 1024;
const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });
const declaredSchema = z.object({
  type: z.string(),
  name: z.string(),
  custom: z.boolean(),
  inputs: z.record(z.string(), z.unknown()),
});

export interface DumpOptions {
  /** In place of what the stack's file has. */
  readonly config?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Everything that the program declares for an environment: infra/index.ts as it is, in a process of its own, with
 * Pulumi's mocks and with the configuration of `Pulumi.<environment>.yaml`. Secrets are placeholders.
 * @throws SightlineError SL1821 when the program fails, with what it says
 */
export async function dumpProgram(environment: ClusterEnvironment, options: DumpOptions = {}): Promise<Dump> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-dump-'));
  try {
    const plain = options.config ?? (await plainConfig(environment));
    const secrets = secretsOf(clusterSystems(clusterContext(environment)));
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    await writeFile(kubeconfig, toYaml(kubeconfigOf(plain)));
    return await dumpStack(
      environment,
      { plain, secrets, variables: { KUBECONFIG: kubeconfig } },
      options.signal,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for any stack, with placeholders for these secrets; `plain` by its whole keys, `sightline:host`. */
export async function dumpStack(
  stack: string,
  given: {
    readonly plain: Readonly<Record<string, string>>;
    readonly secrets: ReadonlySet<ClusterSecretName>;
    readonly variables?: Readonly<Record<string, string>>;
  },
  signal?: AbortSignal,
): Promise<Dump> {
  const placed = placeholdersOf(given.secrets);
  const started = performance.now();
  const output = await run(
    {
      ...given.variables,
      [stackVariable]: stack,
      PULUMI_CONFIG: JSON.stringify({ ...placed, ...given.plain }),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(Object.keys(placed)),
    },
    signal,
  );
  const milliseconds = performance.now() - started;
  const declared = output.split('\n').filter(Boolean);
  return { declared: declared.map((line) => declaredSchema.parse(JSON.parse(line))), milliseconds };
}

async function run(variables: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      cwd: repositoryRoot,
      env: { ...process.env, ...variables },
      timeout: timeoutMs,
      maxBuffer: outputLimit,
      ...(signal && { signal }),
    });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    const message = /SL\d{4} .*/.exec(said)?.[0] ?? said.trim().slice(-2000);
    throw new SightlineError('SL1821', {
      what: `the program fails: ${message}`,
      where: 'infra/index.ts',
      fix: 'correct what it says',
      cause,
    });
  }
}

/** What of the stack's file is no secret. */
export async function plainConfig(environment: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(repositoryRoot, `Pulumi.${environment}.yaml`), 'utf8');
  const { config } = stackFile.parse(parse(text));
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

const placeholdersOf = (secrets: ReadonlySet<ClusterSecretName>): Readonly<Record<string, string>> =>
  Object.fromEntries([...secrets].map((name) => [`sightline:${name}`, placeholders[secretTable[name].form]]));

/** One that leads where the stack expects it. */
const kubeconfigOf = (config: Readonly<Record<string, string>>) => {
  const { 'sightline:context': context, 'sightline:cluster': cluster, 'sightline:server': server } = config;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    contexts: [{ name: context, context: { cluster, user: 'nobody' } }],
    clusters: [{ name: cluster, cluster: { server: server ?? 'https://127.0.0.1:1' } }],
  };
};
