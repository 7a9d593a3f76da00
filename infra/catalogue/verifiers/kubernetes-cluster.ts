import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../local/pick-ports.ts';
import { toYaml } from '../../render/yaml.ts';
import type { ToolName } from '../../versions.ts';
import { ready } from '../look.ts';
import { folder, type Workbench } from '../workbench.ts';
import { at } from './from-plan.ts';
import { KubernetesApi } from './kubernetes-api.ts';

/** Of a cluster that lives for a minute on the loopback of one machine. */
const token = 'probe';

/** What `startKubernetes` runs. */
export const kubernetesTools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
] as const satisfies readonly ToolName[];

/** What test/kubernetes runs: the same, nodes that only seem to be there, and those who look at it. */
export const kubernetesTestTools = [
  ...kubernetesTools,
  'kube-scheduler',
  'kubectl',
  'kwok',
  'prometheus-operator',
  'prometheus',
] as const satisfies readonly ToolName[];

/** An API server and how it is reached; the files are the workbench's. */
export interface StartedKubernetes {
  readonly api: KubernetesApi;
  readonly server: string;
  /** File of the certificate that the server signed for itself. */
  readonly certificate: string;
  /** File of an administrator's. */
  readonly kubeconfig: string;
}

/** A Kubernetes in which everything is kept, admitted and controlled, and no node runs anything. */
export async function startKubernetes(bench: Workbench): Promise<StartedKubernetes> {
  const [clients = 0, peers = 0, secure = 0] = await freePorts(3);
  await startEtcd(bench, clients, peers);
  const { keys, ...started } = await startApiServer(bench, { etcd: clients, secure });
  bench.start('kube-controller-manager', [
    `--kubeconfig=${started.kubeconfig}`,
    `--service-account-private-key-file=${keys.privateKey}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--horizontal-pod-autoscaler-sync-period=2s',
  ]);
  return started;
}

async function startEtcd(bench: Workbench, clients: number, peers: number): Promise<void> {
  bench.start('etcd', [
    `--data-dir=${await folder(bench, 'etcd')}`,
    `--listen-client-urls=${at(clients)}`,
    `--advertise-client-urls=${at(clients)}`,
    `--listen-peer-urls=${at(peers)}`,
    `--initial-advertise-peer-urls=${at(peers)}`,
    `--initial-cluster=default=${at(peers)}`,
  ]);
  await ready(bench, at(clients, '/health'));
}

async function startApiServer(
  bench: Workbench,
  ports: { readonly etcd: number; readonly secure: number },
): Promise<StartedKubernetes & { readonly keys: { readonly privateKey: string } }> {
  const directory = await folder(bench, 'apiserver');
  const keys = await serviceAccountKeys(directory);
  const tokens = join(directory, 'tokens.csv');
  await writeFile(tokens, `${token},probe,probe,system:masters\n`, { mode: 0o600 });
  bench.start('kube-apiserver', [
    `--etcd-servers=${at(ports.etcd)}`,
    `--secure-port=${ports.secure}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${directory}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.publicKey}`,
    `--service-account-signing-key-file=${keys.privateKey}`,
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
  ]);
  // It signs a certificate for itself when it starts.
  const certificate = join(directory, 'apiserver.crt');
  await bench.until('a certificate', async () => existsSync(certificate) || undefined);
  const server = `https://127.0.0.1:${ports.secure}`;
  const api = new KubernetesApi(server, token, () => readFileSync(certificate, 'utf8'));
  await bench.until('the API server', () => api.get('/readyz'));
  const kubeconfig = join(directory, 'kubeconfig.yaml');
  await writeFile(kubeconfig, kubeconfigOf(server, certificate), { mode: 0o600 });
  return { api, server, certificate, kubeconfig, keys };
}

async function serviceAccountKeys(directory: string): Promise<{ privateKey: string; publicKey: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const paths = { privateKey: join(directory, 'sa.key'), publicKey: join(directory, 'sa.pub') };
  await writeFile(paths.privateKey, privateKey, { mode: 0o600 });
  await writeFile(paths.publicKey, publicKey);
  return paths;
}

const kubeconfigOf = (server: string, certificate: string): string =>
  toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'probe', cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name: 'probe', user: { token } }],
    contexts: [{ name: 'probe', context: { cluster: 'probe', user: 'probe' } }],
    'current-context': 'probe',
  });
