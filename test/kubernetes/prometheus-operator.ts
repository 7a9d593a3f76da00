import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { folder } from '../../infra/catalogue/workbench.ts';
import { namespaces } from '../../infra/kubernetes/context.ts';
import { operatorArguments, operatorName } from '../../infra/kubernetes/systems/operator.ts';
import { freePorts } from '../../infra/local/pick-ports.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

const issued = z.object({ status: z.object({ token: z.string() }) });

/** A token of an account of ours, by which a process here has the rights that its pod would have. */
export async function tokenOf({ api }: SimulatedCluster, account: string): Promise<string> {
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const path = `/api/v1/namespaces/${namespaces.stack}/serviceaccounts/${account}/token`;
  return issued.parse(JSON.parse(await api.create(path, request))).status.token;
}

/** Runs the operator beside the cluster, with the arguments and the rights that the program gives it. */
export async function startOperator(started: SimulatedCluster): Promise<void> {
  const { bench, server, certificate } = started;
  const name = operatorName;
  const kubeconfig = join(await folder(bench, name), 'kubeconfig.yaml');
  const text = toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name, user: { token: await tokenOf(started, name) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
  await writeFile(kubeconfig, text, { mode: 0o600 });
  const [port = 0] = await freePorts(1);
  const args = [...operatorArguments(namespaces.stack), `--web.listen-address=127.0.0.1:${port}`];
  bench.start(name, args, { KUBECONFIG: kubeconfig });
}
