import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { inboxPath } from '../../alerts/receivers.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { type SecretName, secrets } from '../../telemetry/contract/secrets.ts';
import { readEnvironment } from '../config.ts';
import type { ClusterSecretName } from '../kubernetes/secrets.ts';
import { type DockerPlan, planDocker } from './plan.ts';

/** Every secret that a container reads. */
export const secretsOf = ({ containers }: Pick<DockerPlan, 'containers'>): readonly ClusterSecretName[] =>
  [...new Set(containers.flatMap((container) => container.secrets))].sort();

/** The address of the inbox that takes what a receiver would, until somebody has the receiver's: that is no secret. */
export const inboxAddress = (name: ClusterSecretName): string | undefined =>
  isReceiver(name) ? `http://inbox:${componentPorts.inbox}${inboxPath({ secretRef: name })}` : undefined;

const isReceiver = (name: ClusterSecretName): name is SecretName =>
  Object.entries(secrets).some(([each, secret]) => each === name && 'inbox' in secret);

/**
 * Writes the secrets that are not there yet, below a folder that its owner alone may enter; containers are given each
 * file by itself, and read it as users of their own.
 * @returns paths of those that only a person can know
 */
export function writeFirstSecrets(out: string): readonly string[] {
  const folder = `${out}/secrets`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return secretsOf(planDocker(readEnvironment('docker'))).flatMap((name) => {
    const path = `${folder}/${name}`;
    const value = existsSync(path) ? undefined : firstValue(name);
    if (value !== undefined) writeFileAtomically(path, value, readableByAll);
    return existsSync(path) ? [] : [path];
  });
}

/** What stands in a secret's file before anybody has written it; undefined where only a person can know it. */
const firstValue = (name: ClusterSecretName): string | undefined =>
  name === 'GRAFANA_ADMIN_PASSWORD' ? randomBytes(18).toString('base64url') : inboxAddress(name);
