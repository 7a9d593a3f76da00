import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { namespaces } from '../../infra/kubernetes/context.ts';
import { eachOf } from '../support/kubernetes.ts';
import { toolPath } from '../support/tools.ts';
import type { Deployment } from './deployment.ts';

const listed = z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) }));
const timeoutMs = 150_000;

/** What `kubectl rollout status` says of every workload in our namespaces, the operator's too. */
export async function rollouts({ cluster, kubeconfig }: Deployment): Promise<readonly string[]> {
  const kubectl = await toolPath('kubectl');
  const said = await eachOf(['deployments', 'statefulsets', 'daemonsets'], async (kind) => {
    const workloads = listed.parse(await cluster.list(`/apis/apps/v1/${kind}`));
    const ours = workloads.filter(({ metadata }) =>
      Object.values(namespaces).some((namespace) => namespace === metadata.namespace),
    );
    return eachOf(ours, async ({ metadata: { name, namespace } }) => {
      const args = ['rollout', 'status', `${kind}/${name}`, `--namespace=${namespace}`, '--timeout=120s'];
      const { stdout } = await promisify(execFile)(kubectl, [`--kubeconfig=${kubeconfig}`, ...args], {
        timeout: timeoutMs,
      });
      return stdout.trim().split('\n').at(-1) ?? '';
    });
  });
  return said.flat();
}
