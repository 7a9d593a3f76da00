import { randomBytes } from 'node:crypto';
import type { ClusterEnvironment } from '../../infra/config/names.ts';
import { secretComplaint } from '../../infra/config/pulumi.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { type ClusterSecretName, secretTable } from '../../infra/kubernetes/secrets.ts';
import { clusterSystems, secretsOf } from '../../infra/kubernetes/systems.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Terminal } from './terminal.ts';

/** Those that nobody else knows or gives out, so that they can be made up. */
const ours: readonly ClusterSecretName[] = ['AUTH_SECRET', 'GRAFANA_ADMIN_PASSWORD', 'GRAFANA_SECRET_KEY'];

/** What is encrypted with them can be read with them alone: a new one is for who loses the old one. */
const permanent: readonly ClusterSecretName[] = ['GRAFANA_SECRET_KEY'];

/** Those of the wanted that a stack still lacks, or with `replace` those that may be others. */
export const secretsToSet = (
  wanted: readonly ClusterSecretName[],
  there: ReadonlySet<string>,
  replace: boolean,
): readonly ClusterSecretName[] =>
  wanted.filter((name) => !there.has(name) || (replace && !permanent.includes(name)));

/** 256 bits, as letters and digits that every form of a secret takes. */
const madeUp = (): string => randomBytes(32).toString('base64url');

/** Secrets that the objects of an environment refer to. */
export const secretsWanted = (environment: ClusterEnvironment): readonly ClusterSecretName[] =>
  [...secretsOf(clusterSystems(clusterContext(environment)))].sort();

/** Where a value comes from. */
type Source = 'environment' | 'made up' | 'asked';

export interface PlannedSecret {
  readonly name: ClusterSecretName;
  readonly source: Source;
}

/**
 * Where the value of each comes from.
 * @throws SightlineError SL1111 naming every secret that nobody can be asked for
 */
export function planSecrets(
  wanted: readonly ClusterSecretName[],
  {
    env,
    makeUp,
    canAsk,
  }: { readonly env: NodeJS.ProcessEnv; readonly makeUp: boolean; readonly canAsk: boolean },
): readonly PlannedSecret[] {
  const planned = wanted.map(
    (name): PlannedSecret => ({
      name,
      source: env[name] ? 'environment' : makeUp && ours.includes(name) ? 'made up' : 'asked',
    }),
  );
  const missing = planned.filter(({ source }) => source === 'asked').map(({ name }) => name);
  if (canAsk || missing.length === 0) return planned;
  const makeable = missing.filter((name) => ours.includes(name));
  throw new SightlineError('SL1111', {
    what: `no value for ${missing.join(', ')}`,
    where: 'npm run init-stack',
    fix: `run it on a terminal, or set each as an environment variable of that name${
      makeable.length > 0 ? `; --make-up does for ${makeable.join(' and ')}` : ''
    }`,
  });
}

/**
 * The value of a secret, asked for until it is usable.
 * @throws SightlineError SL1109 for a value of the environment that is not usable; it never says the value
 */
export async function secretValue(
  { name, source }: PlannedSecret,
  env: NodeJS.ProcessEnv,
  terminal: Terminal | undefined,
): Promise<string> {
  if (source === 'made up') return madeUp();
  if (source === 'environment' || terminal === undefined) return usable(name, env[name] ?? '');
  const choice = ours.includes(name) ? '; Enter makes one up' : '';
  for (;;) {
    const value = await terminal.askHidden(`${name}: ${secretTable[name].description}${choice}`);
    if (value === '' && choice !== '') return madeUp();
    const complaint = secretComplaint(name, value);
    if (complaint === undefined) return value;
    console.error(`  not usable: ${complaint}`);
  }
}

function usable(name: ClusterSecretName, value: string): string {
  const complaint = secretComplaint(name, value);
  if (complaint === undefined) return value;
  throw new SightlineError('SL1109', {
    what: `${name} is not usable: ${complaint}`,
    where: `environment variable ${name}`,
    fix: 'correct it, or unset it to be asked',
  });
}

/** The variables without the secrets among them: no child process needs those. */
export const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !(name in secretTable)));
