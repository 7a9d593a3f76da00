import { SightlineError } from '../../telemetry/errors.ts';
import { nearestNames } from '../../telemetry/nearest.ts';
import { type ClusterSecretName, isClusterSecret, secretTable } from '../kubernetes/secrets.ts';
import { secretForms } from '../local/settings.ts';
import { type ClusterEnvironment, clusterEnvironments } from './names.ts';

/** The project's name in Pulumi.yaml, which stands before its keys. */
const project = 'sightline';

/** Keys that are no secrets. */
export const plainKeys = {
  context: {
    description: 'The context of the kubeconfig that is deployed with',
    allowed: 'a name in your kubeconfig (kubectl config get-contexts)',
    required: true,
  },
  cluster: {
    description: 'The cluster that the context must lead to; any other is refused',
    allowed: 'a name in your kubeconfig (kubectl config get-contexts)',
    required: true,
  },
  server: {
    description: 'The address that the cluster must have; left out, its name is enough',
    allowed: 'an https address without a path',
    required: false,
  },
} as const;

/** Configuration of a stack as Pulumi hands it to a program. */
export interface PulumiConfig {
  readonly stack: string;
  /** By `project:key`; secrets are decrypted. */
  readonly values: Readonly<Record<string, string>>;
  /** Those of the keys that are encrypted in the stack's file. */
  readonly secretKeys: readonly string[];
}

/** Where an environment is deployed to, and with which secrets. */
export interface Target {
  readonly environment: ClusterEnvironment;
  /** The context of the kubeconfig, and what it must point at. */
  readonly expected: { readonly context: string; readonly cluster: string; readonly server?: string };
  readonly secrets: ReadonlySet<ClusterSecretName>;
}

/**
 * The configuration of a stack, every key of it known and every secret encrypted. Values of secrets are looked at but
 * never said or handed on: the program asks Pulumi for them when it needs them.
 * @throws SightlineError SL1105 for a stack that is no environment of a cluster, SL1107 for a key, SL1109 for a secret
 */
export function readTarget({ stack, values, secretKeys }: PulumiConfig): Target {
  const environment = clusterEnvironments.find((name) => name === stack);
  if (!environment)
    throw new SightlineError('SL1105', {
      what: `there is no environment "${stack}" on Kubernetes`,
      where: 'the name of the Pulumi stack',
      fix: `select one of: ${clusterEnvironments.join(', ')}`,
    });
  const own = ownKeys(values);
  const refuse = (key: string, what: string, allowed: string): SightlineError =>
    new SightlineError('SL1107', {
      what: `${key} ${what}; allowed: ${allowed}`,
      where: `Pulumi.${environment}.yaml`,
      fix: `pulumi config --stack ${environment} set ${key} <value>, or rm`,
    });
  for (const key of own.keys()) if (!isKnown(key)) throw refuse(key, 'is no key', nearest(key));
  const required = (key: 'context' | 'cluster'): string => {
    const value = own.get(key);
    if (value) return value;
    throw refuse(key, 'is missing', plainKeys[key].allowed);
  };
  const server = own.get('server');
  if (server !== undefined && !/^https:\/\/[^/\s]+$/.test(server))
    throw refuse('server', `is "${server}"`, plainKeys.server.allowed);
  return {
    environment,
    expected: {
      context: required('context'),
      cluster: required('cluster'),
      ...(server !== undefined && { server }),
    },
    secrets: new Set(
      [...own].flatMap(([key, value]) =>
        isClusterSecret(key) ? [checkedSecret(key, value, environment, secretKeys)] : [],
      ),
    ),
  };
}

/** Other packages may have keys too (kubernetes:…); they are Pulumi's to judge. */
export const ownKeys = (values: PulumiConfig['values']): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(`${project}:`) ? [[key.slice(project.length + 1), value] as const] : [],
    ),
  );

const isKnown = (key: string): boolean => Object.hasOwn(plainKeys, key) || isClusterSecret(key);

function nearest(key: string): string {
  const known = [...Object.keys(plainKeys), ...Object.keys(secretTable)];
  const near = nearestNames(key, known);
  return (near.length > 0 ? near : known).join(', ');
}

/** @throws SightlineError SL1109 for a secret that is not encrypted, or not of its form */
export function checkedSecret(
  name: ClusterSecretName,
  value: string,
  environment: string,
  secretKeys: readonly string[],
): ClusterSecretName {
  const refuse = (what: string): SightlineError =>
    new SightlineError('SL1109', {
      what: `${name} ${what}`,
      where: `Pulumi.${environment}.yaml`,
      fix: `pulumi config --stack ${environment} set --secret ${name}, which asks for the value`,
    });
  if (!secretKeys.includes(`${project}:${name}`)) throw refuse('stands there for everybody to read');
  const complaint = secretComplaint(name, value);
  if (complaint !== undefined) throw refuse(`is not usable: ${complaint}`);
  return name;
}

/** What a secret must be and this value is not; never says the value. */
export function secretComplaint(name: ClusterSecretName, value: string): string | undefined {
  const { form, minLength = 1 } = secretTable[name];
  const parsed = secretForms[form].safeParse(value);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  return value.length < minLength ? `must be at least ${minLength} characters` : undefined;
}

/**
 * Holds the secrets that are there against those that objects refer to.
 * @throws SightlineError SL1109 for one that is missing, SL1106 for a key that pages where nobody is to be woken
 */
export function refuseOtherSecrets(
  { environment, secrets }: Target,
  wanted: ReadonlySet<ClusterSecretName>,
): void {
  const missing = [...wanted].filter((name) => !secrets.has(name));
  if (missing.length > 0)
    throw new SightlineError('SL1109', {
      what: `no value for ${missing.map((name) => `${name} (${secretTable[name].description})`).join(', ')}`,
      where: `Pulumi.${environment}.yaml`,
      fix: `for each of them: pulumi config --stack ${environment} set --secret <name>`,
    });
  const stray = [...secrets].filter((name) => !wanted.has(name));
  if (stray.length > 0)
    throw new SightlineError(stray.includes('PAGERDUTY_ROUTING_KEY') ? 'SL1106' : 'SL1109', {
      what: `nothing uses ${stray.join(', ')} in ${environment}`,
      where: `Pulumi.${environment}.yaml`,
      fix: `for each of them: pulumi config --stack ${environment} rm <name>`,
    });
}
