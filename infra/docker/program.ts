/** The part of the Pulumi program that is for a Docker host. */
import { Provider } from '@pulumi/docker';
import { Config } from '@pulumi/pulumi';
import type { PulumiConfig } from '../config/pulumi.ts';
import { readEnvironment } from '../config.ts';
import { dockerEnvironment, readDockerTarget, refuseOtherDockerSecrets } from './config.ts';
import { DockerStack } from './deploy.ts';
import { planDocker } from './plan.ts';
import { inboxAddress, secretsOf } from './secrets.ts';

/** @throws SightlineError SL11xx when the environment's file or the stack's configuration is wrong */
export function deployToDocker(given: PulumiConfig): void {
  const target = readDockerTarget(given);
  const plan = planDocker(readEnvironment(dockerEnvironment), target.ingestors);
  refuseOtherDockerSecrets(target, secretsOf(plan));
  const config = new Config();
  new DockerStack(plan, {
    provider: new Provider('docker', target.host === undefined ? {} : { host: target.host }),
    secretValue: (name) =>
      target.secrets.has(name)
        ? config.requireSecret(name)
        : (inboxAddress(name) ?? config.requireSecret(name)),
  });
}
