import { z } from 'zod';
import type { KubernetesApi } from '../../infra/catalogue/verifiers/kubernetes-api.ts';
import type { Workbench } from '../../infra/catalogue/workbench.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { type Cluster, eachOf, withoutRefs } from '../support/kubernetes.ts';

/** Names and ports of a sidecar, as Dapr 1.14 makes it. */
const ports = [
  { name: 'dapr-http', port: 80, targetPort: 3500 },
  { name: 'dapr-grpc', port: 50_001, targetPort: 50_001 },
  { name: 'dapr-internal', port: 50_002, targetPort: 50_002 },
  { name: 'dapr-metrics', port: 9090, targetPort: 9090 },
];

const isWanted = `object.metadata.?annotations[?'dapr.io/enabled'].orValue('') == 'true'`;
const containerPorts = ports.map(
  ({ name, targetPort }) =>
    `Object.spec.containers.ports{name: '${name}', containerPort: ${targetPort}, protocol: 'TCP'}`,
);

/** Dapr's injector in the API server's own words: the sidecar comes into the pods that ask for it. */
const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicy',
  metadata: { name: 'dapr-injector' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    matchConditions: [{ name: 'wanted', expression: isWanted }],
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: {
          expression: `[JSONPatch{op: 'add', path: '/spec/containers/-', value: Object.spec.containers{
            name: 'daprd',
            image: 'docker.io/daprio/daprd:1.14.0',
            ports: [${containerPorts.join(', ')}],
            securityContext: Object.spec.containers.securityContext{
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: Object.spec.containers.securityContext.capabilities{drop: ['ALL']},
              seccompProfile: Object.spec.containers.securityContext.seccompProfile{type: 'RuntimeDefault'}
            }
          }}]`,
        },
      },
    ],
  },
};

const binding = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicyBinding',
  metadata: { name: 'dapr-injector' },
  spec: { policyName: 'dapr-injector' },
};

/** Stands in for Dapr, and waits until it has effect. */
export async function installDapr(bench: Workbench, api: KubernetesApi, cluster: Cluster): Promise<void> {
  await cluster.apply(policy);
  await cluster.apply(binding);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'probe', annotations: { 'dapr.io/enabled': 'true' } },
    spec: { containers: [{ name: 'main', image: 'example.com/x:1.0.0' }] },
  };
  await bench.until('a sidecar in a pod', async () => {
    const made = await api.create('/api/v1/namespaces/default/pods?dryRun=All', pod);
    return made.includes('daprd') || undefined;
  });
}

const stored = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), uid: z.string() }),
});

/** The Services that Dapr's operator makes of workloads with a sidecar, and that go with them. */
export async function exposeSidecars(cluster: Cluster, objects: readonly KubernetesObject[]): Promise<void> {
  const workloads = objects.flatMap((object) =>
    object.kind === 'StatefulSet' || object.kind === 'Deployment' ? [object] : [],
  );
  await eachOf(workloads, async (workload) => {
    const { metadata, spec } = workload;
    const id = spec?.template?.metadata?.annotations?.['dapr.io/app-id'];
    if (id === undefined) return;
    const owner = stored.parse(await cluster.get(withoutRefs(workload)));
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: `${id}-dapr`,
        namespace: metadata.namespace ?? 'default',
        labels: { 'dapr.io/enabled': 'true' },
        ownerReferences: [
          { apiVersion: owner.apiVersion, kind: owner.kind, ...owner.metadata, controller: true },
        ],
      },
      spec: { selector: spec?.selector?.matchLabels, clusterIP: 'None', ports },
    };
    await cluster.apply(service);
  });
}
