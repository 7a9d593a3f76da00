/** The part of the Pulumi program that is for a cluster. */
import { Config } from '@pulumi/pulumi';
import { type PulumiConfig, readTarget, refuseOtherSecrets } from '../config/pulumi.ts';
import { clusterContext } from './cluster-context.ts';
import { deploy } from './deploy.ts';
import { kubeconfigFiles, refuseWrongCluster } from './kubeconfig.ts';
import { customResources } from './systems/operator-definitions.ts';
import { clusterSystems, secretsOf } from './systems.ts';

/** @throws SightlineError SL11xx when the environment's file, the stack's configuration or the cluster is wrong */
export async function deployToCluster(given: PulumiConfig): Promise<void> {
  const target = readTarget(given);
  refuseWrongCluster(target, kubeconfigFiles(process.env));
  const context = clusterContext(target.environment);
  const systems = clusterSystems(context);
  refuseOtherSecrets(target, secretsOf(systems));
  const definitions = await customResources(context, process.env);
  const config = new Config();
  deploy([...definitions, ...systems], target, ({ secretRef }) => config.requireSecret(secretRef));
}
