/** The Pulumi program: an environment's file and its stack's configuration in, a cluster's objects out. */
import { Config, getStack, runtime } from '@pulumi/pulumi';
import { readTarget, refuseOtherSecrets } from './config/pulumi.ts';
import { clusterContext } from './kubernetes/cluster-context.ts';
import { deploy } from './kubernetes/deploy.ts';
import { kubeconfigFiles, refuseWrongCluster } from './kubernetes/kubeconfig.ts';
import { customResources } from './kubernetes/systems/operator-definitions.ts';
import { clusterSystems, secretsOf } from './kubernetes/systems.ts';

const target = readTarget({
  stack: getStack(),
  values: runtime.allConfig(),
  secretKeys: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? '[]'),
});
refuseWrongCluster(target, kubeconfigFiles(process.env));

const context = clusterContext(target.environment);
const systems = clusterSystems(context);
refuseOtherSecrets(target, secretsOf(systems));
const definitions = await customResources(context, process.env);

const config = new Config();
deploy([...definitions, ...systems], target, ({ secretRef }) => config.requireSecret(secretRef));
