/** The Pulumi program: an environment's file and its stack's configuration in, what is deployed out. */
import { getStack, runtime } from '@pulumi/pulumi';
import type { PulumiConfig } from './config/pulumi.ts';

const given: PulumiConfig = {
  stack: getStack(),
  values: runtime.allConfig(),
  secretKeys: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? '[]'),
};

// The packages of one target are nothing to the other, and slow to load.
if (given.stack === 'docker') (await import('./docker/program.ts')).deployToDocker(given);
else await (await import('./kubernetes/program.ts')).deployToCluster(given);
