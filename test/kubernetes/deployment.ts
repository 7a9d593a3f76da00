import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import type { ClusterEnvironment } from '../../infra/config/names.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { type ClusterContext, nameLabel, namespaces } from '../../infra/kubernetes/context.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { customResources } from '../../infra/kubernetes/systems/operator-definitions.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { definitionsAmong } from '../support/custom-resources.ts';
import { eachOf, served, withoutRefs } from '../support/kubernetes.ts';
import { exposeSidecars, installDapr } from './dapr.ts';
import { startOperator } from './prometheus-operator.ts';
import { nodes, onCluster, provision, type SimulatedCluster } from './simulated-cluster.ts';

/** An environment in a cluster of its own, with what the cluster must have before: Prometheus Operator and Dapr. */
export interface Deployment extends SimulatedCluster {
  readonly context: ClusterContext;
  readonly objects: readonly KubernetesObject[];
  /** `namespace: text`, for whatever was admitted and thought ill of. */
  readonly warnings: readonly string[];
}

const pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.looseObject({ [nameLabel]: z.string() }),
  }),
  spec: z.object({ nodeName: z.string().optional() }),
  status: z.object({
    podIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
  }),
});
export type Pod = z.infer<typeof pod>;

export const nameOf = ({ kind, metadata: { namespace, name } }: KubernetesObject): string =>
  [kind, namespace, name].filter(Boolean).join('/');

/** Deploys the environment before the tests of a suite, and ends the cluster after them. */
export function deployed(environment: ClusterEnvironment): () => Deployment {
  let deployment: Deployment | undefined;
  const over = Promise.withResolvers<void>();
  let cluster: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    await new Promise<void>((resolve, reject) => {
      cluster = onCluster(async (started) => {
        deployment = await deploy(started, environment);
        resolve();
        await over.promise;
      });
      cluster.catch(reject);
    });
  });
  afterAll(async () => {
    over.resolve();
    await cluster.catch(() => undefined);
  });
  return () => {
    if (!deployment) throw new Error(`${environment} is not deployed`);
    return deployment;
  };
}

/** Applies every object as the program does: the ground, namespaces before what is in them, then all else. */
export async function deploy(
  started: SimulatedCluster,
  environment: ClusterEnvironment,
): Promise<Deployment> {
  const { bench, api, cluster } = started;
  const context = clusterContext(environment);
  const systems = [...(await customResources(context, process.env)), ...clusterSystems(context)];
  const objects = systems.flatMap((system) => system.objects);
  await installDapr(bench, api, cluster);
  const ground = systems.flatMap((system) => (system.isGround ? system.objects : []));
  const isNamespace = ({ kind }: KubernetesObject): boolean => kind === 'Namespace';
  const apply = async (object: KubernetesObject): Promise<readonly string[]> => {
    const { warnings } = await cluster.apply(withoutRefs(object)).catch((cause: unknown) => {
      throw new Error(`${environment}: ${nameOf(object)} is refused`, { cause });
    });
    return warnings.map((text) => `${object.metadata.namespace}: ${text}`);
  };
  const warnings: string[] = [];
  const applyAll = async (all: readonly KubernetesObject[]): Promise<void> => {
    warnings.push(...(await eachOf(all, apply)).flat());
  };
  await applyAll(ground.filter(isNamespace));
  await applyAll(ground.filter((object) => !isNamespace(object)));
  await served(bench, api, definitionsAmong(ground));
  await applyAll(objects.filter((object) => !ground.includes(object)));
  await startOperator(started);
  await exposeSidecars(cluster, objects);
  return { ...started, context, objects, warnings };
}

/** Pods that the controllers, the operator and the autoscalers are to make of the objects. */
export function podsOf(objects: readonly KubernetesObject[]): number {
  const counts = objects.map((object) => {
    if (object.kind === 'DaemonSet') return nodes.length;
    if (object.kind === 'Prometheus' || object.kind === 'Alertmanager')
      return z.object({ replicas: z.number() }).parse(object.spec).replicas;
    if (object.kind !== 'Deployment' && object.kind !== 'StatefulSet') return 0;
    return object.spec?.replicas ?? leastOf(objects, object);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Instances of a workload that its autoscaler counts. */
const leastOf = (objects: readonly KubernetesObject[], { kind, metadata }: KubernetesObject): number =>
  objects
    .flatMap((object) => (object.kind === 'HorizontalPodAutoscaler' && object.spec ? [object.spec] : []))
    .find(({ scaleTargetRef: target }) => target.kind === kind && target.name === metadata.name)
    ?.minReplicas ?? 1;

/** The pods of our namespaces, once all are there, on nodes, and ready. */
export async function readyPods({ bench, cluster, objects }: Deployment): Promise<readonly Pod[]> {
  const wanted = podsOf(objects);
  let missing = '';
  const found = bench.until(`${wanted} ready pods`, async () => {
    await provision(cluster);
    const all = z.array(pod).parse(await cluster.list('/api/v1/pods'));
    const waiting = all.filter((each) => !isReady(each)).map(({ metadata }) => metadata.name);
    missing = `${all.length} pods of ${wanted}; not ready: ${waiting.join(', ')}`;
    return all.length >= wanted && waiting.length === 0 ? all : undefined;
  });
  return found.catch((cause: unknown) => {
    throw new Error(missing, { cause });
  });
}

const isReady = ({ status }: Pod): boolean =>
  (status.conditions ?? []).some(({ type, status: state }) => type === 'Ready' && state === 'True');

/** Numbers by namespace, as they are printed. */
export const perNamespace = (count: (namespace: string) => string): string =>
  Object.values(namespaces)
    .map((namespace) => `${namespace} ${count(namespace)}`)
    .join('; ');
