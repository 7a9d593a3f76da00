import { join } from 'node:path';
import { z } from 'zod';
import type { KubernetesApi } from '../../infra/catalogue/verifiers/kubernetes-api.ts';
import {
  kubernetesTestTools,
  type StartedKubernetes,
  startKubernetes,
} from '../../infra/catalogue/verifiers/kubernetes-cluster.ts';
import { atWorkbench, type Workbench } from '../../infra/catalogue/workbench.ts';
import { daprDefinitions } from '../support/custom-resources.ts';
import { goModuleFolder } from '../support/go-module.ts';
import { Cluster, eachOf, served } from '../support/kubernetes.ts';
import { toolPath } from '../support/tools.ts';

/** Everything of a Kubernetes but containers: KWOK says of each pod on a node that it runs. */
export interface SimulatedCluster extends StartedKubernetes {
  readonly bench: Workbench;
  readonly cluster: Cluster;
}

interface Node {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
  readonly taints?: readonly { readonly key: string; readonly effect: string }[];
}

/** Three nodes in three zones, and one that keeps all pods off that do not tolerate it. Addresses are nobody's (RFC 5737). */
export const nodes: readonly Node[] = [
  { name: 'node-1', zone: 'a', address: '203.0.113.1' },
  { name: 'node-2', zone: 'b', address: '203.0.113.2' },
  { name: 'node-3', zone: 'c', address: '203.0.113.3' },
  {
    name: 'control-plane',
    zone: 'a',
    address: '203.0.113.4',
    taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  },
];
const podAddresses = '198.51.100.0/24';

/** Lets `work` use a new cluster, whose processes and files are gone afterwards. */
export async function onCluster(work: (cluster: SimulatedCluster) => Promise<void>): Promise<void> {
  const paths = await Promise.all(
    kubernetesTestTools.map(async (tool) => [tool, await toolPath(tool)] as const),
  );
  await atWorkbench(new Map(paths), new AbortController().signal, async (bench) => {
    const started = await startKubernetes(bench);
    bench.start('kube-scheduler', [
      `--kubeconfig=${started.kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
    ]);
    const cluster = new Cluster(started.api);
    await eachOf(nodes, (node) => addNode(started.api, cluster, node));
    // It remembers the addresses that a node has when it first sees it.
    await startKwok(bench, started.kubeconfig);
    await cluster.apply(storageClass);
    const definitions = await daprDefinitions();
    await eachOf(definitions, (definition) => cluster.apply(definition));
    await served(bench, started.api, definitions);
    await work({ ...started, bench, cluster });
  });
}

/** What KWOK does with nodes and pods, from its own module. */
const stages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
];

async function startKwok(bench: Workbench, kubeconfig: string): Promise<void> {
  const folder = join(await goModuleFolder('kwok', 'sigs.k8s.io/kwok'), 'kustomize/stage');
  bench.start('kwok', [
    `--kubeconfig=${kubeconfig}`,
    '--manage-all-nodes',
    '--v=WARN',
    '--node-lease-duration-seconds=40',
    `--cidr=${podAddresses}`,
    ...stages.map((stage) => `--config=${join(folder, stage)}`),
  ]);
}

async function addNode(api: KubernetesApi, cluster: Cluster, node: Node): Promise<void> {
  const { name, zone, address, taints = [] } = node;
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
  };
  const object = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { taints } };
  await cluster.apply(object);
  const capacity = { cpu: '16', memory: '64Gi', pods: '110' };
  await api.setStatus(await cluster.pathOf(object), {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    capacity,
    allocatable: capacity,
  });
}

/** The class that claims get when they name none. */
const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'simulated',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'sightline.invalid/simulated',
};

const claim = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string() }),
  spec: z.object({
    accessModes: z.array(z.string()),
    storageClassName: z.string(),
    volumeName: z.string().optional(),
    resources: z.object({ requests: z.object({ storage: z.string() }) }),
  }),
});

/** Makes a volume for every claim that has none, as a storage class's provisioner does. */
export async function provision(cluster: Cluster): Promise<void> {
  const claims = z.array(claim).parse(await cluster.list('/api/v1/persistentvolumeclaims'));
  const unbound = claims.filter(({ spec }) => !spec.volumeName);
  await eachOf(unbound, ({ metadata: { name, namespace, uid }, spec }) => {
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pvc-${uid}` },
      spec: {
        accessModes: spec.accessModes,
        storageClassName: spec.storageClassName,
        capacity: spec.resources.requests,
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
        hostPath: { path: `/simulated/${uid}` },
      },
    };
    return cluster.apply(volume);
  });
}
