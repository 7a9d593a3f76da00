import { SightlineError } from '../../telemetry/errors.ts';
import { checkedSecret, ownKeys, type PulumiConfig } from '../config/pulumi.ts';
import { type ClusterSecretName, isClusterSecret, secretTable } from '../kubernetes/secrets.ts';
import { inboxAddress } from './secrets.ts';

export const dockerEnvironment = 'docker';

/** Keys of the stack that are no secrets. */
const dockerKeys = {
  host: {
    description: 'The Docker that is deployed to; the one of DOCKER_HOST, or of this host, when left out',
    allowed: 'unix:///…, tcp://…, or ssh://…',
    matches: /^(unix|tcp|ssh):\/\/\S+$/,
  },
  ingestors: {
    description: 'Processes that bring queued logs to Loki; more than one share Kafka as their queue',
    allowed: 'a whole number, 1 to 20',
    matches: /^([1-9]|1\d|20)$/,
  },
} as const;

/** Where the stack in containers goes, and what its people have set. */
export interface DockerTarget {
  readonly host?: string;
  readonly ingestors: number;
  readonly secrets: ReadonlySet<ClusterSecretName>;
}

/**
 * The configuration of the stack `docker`, every key of it known and every secret encrypted.
 * @throws SightlineError SL1107 for a key, SL1109 for a secret
 */
export function readDockerTarget({ values, secretKeys }: PulumiConfig): DockerTarget {
  const own = ownKeys(values);
  for (const [key, value] of own) {
    const known = Object.entries(dockerKeys).find(([name]) => name === key)?.[1];
    if (known ? known.matches.test(value) : isClusterSecret(key)) continue;
    const allowed = known?.allowed ?? [...Object.keys(dockerKeys), 'the names of secrets'].join(', ');
    throw new SightlineError('SL1107', {
      what: `${key} ${known ? `is "${value}"` : 'is no key'}; allowed: ${allowed}`,
      where: 'Pulumi.docker.yaml',
      fix: 'pulumi config --stack docker set <key> <value>, or rm',
    });
  }
  const host = own.get('host');
  return {
    ...(host !== undefined && { host }),
    ingestors: Number(own.get('ingestors') ?? 1),
    secrets: new Set(
      [...own].flatMap(([key, value]) =>
        isClusterSecret(key) ? [checkedSecret(key, value, dockerEnvironment, secretKeys)] : [],
      ),
    ),
  };
}

/**
 * Holds the secrets that are there against those that containers read. A receiver without one is the inbox.
 * @throws SightlineError SL1109 for one that is missing, or that nothing uses
 */
export function refuseOtherDockerSecrets(
  { secrets }: DockerTarget,
  wanted: readonly ClusterSecretName[],
): void {
  const refuse = (what: string, command: string): SightlineError =>
    new SightlineError('SL1109', {
      what,
      where: 'Pulumi.docker.yaml',
      fix: `for each of them: pulumi config --stack docker ${command}`,
    });
  const missing = wanted.filter((name) => !secrets.has(name) && inboxAddress(name) === undefined);
  if (missing.length > 0) {
    const described = missing.map((name) => `${name} (${secretTable[name].description})`);
    throw refuse(`no value for ${described.join(', ')}`, 'set --secret <name>');
  }
  const stray = [...secrets].filter((name) => !wanted.includes(name));
  if (stray.length > 0) throw refuse(`nothing uses ${stray.join(', ')} in docker`, 'rm <name>');
}
