import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kubernetesTools, startKubernetes } from '../../infra/catalogue/verifiers/kubernetes-cluster.ts';
import { atWorkbench, type Workbench } from '../../infra/catalogue/workbench.ts';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { namespaces } from '../../infra/kubernetes/context.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { Cluster, defineCustomResources, eachOf, isSame, withoutRefs } from '../support/kubernetes.ts';
import { toolPath } from '../support/tools.ts';

const pod = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()) }),
});
const nodes = ['node-1', 'node-2'];

/** A new cluster with the custom resources' definitions, and nodes that daemons are placed on. */
async function onCluster(work: (cluster: Cluster, bench: Workbench) => Promise<void>): Promise<void> {
  const paths = await Promise.all(kubernetesTools.map(async (tool) => [tool, await toolPath(tool)] as const));
  await atWorkbench(new Map(paths), new AbortController().signal, async (bench) => {
    const { api } = await startKubernetes(bench);
    await defineCustomResources(bench, api);
    const cluster = new Cluster(api);
    await eachOf(nodes, (name) =>
      cluster.apply({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, ...{ labels: { 'kubernetes.io/os': 'linux' } } },
      }),
    );
    await work(cluster, bench);
  });
}

/** Pods that the controllers are to make of an object; of the operator's, the operator makes them. */
function podsOf(object: KubernetesObject): number {
  if (object.kind === 'DaemonSet') return nodes.length;
  return object.kind === 'Deployment' || object.kind === 'StatefulSet' ? (object.spec?.replicas ?? 1) : 0;
}

describe.each(clusterEnvironments)('the objects of %s on a real API server', (environment) => {
  it('are admitted as they are, become pods, and stay the same when applied again', async () => {
    const [ground, ...others] = clusterSystems(clusterContext(environment)).map((system) => system.objects);
    if (!ground) throw new Error('there are no systems');
    const objects = [...ground, ...others.flat()];
    await onCluster(async (cluster, bench) => {
      const apply = async (object: KubernetesObject) => {
        const { warnings } = await cluster.apply(withoutRefs(object));
        return warnings.map((text) => `${object.metadata.namespace}: ${text}`);
      };
      const warnings = [...(await eachOf(ground, apply)), ...(await eachOf(others.flat(), apply))].flat();
      const expected = objects.reduce((sum, object) => sum + podsOf(object), 0);
      const pods = await bench.until(`${expected} pods`, async () => {
        const found = z.array(pod).parse(await cluster.list('/api/v1/pods'));
        return found.length >= expected ? found : undefined;
      });
      const perNamespace = Object.groupBy(pods, ({ metadata }) => metadata.namespace);
      const counts = Object.values(namespaces).map(
        (name) =>
          `${name} ${perNamespace[name]?.length ?? 0} pods, ${warnings.filter((text) => text.startsWith(`${name}:`)).length} warnings`,
      );
      console.log(`${environment}: ${objects.length} objects admitted; ${counts.join('; ')}`);
      expect(warnings).toEqual([]);
      expect(pods).toHaveLength(expected);
      expect(Object.keys(perNamespace).sort()).toEqual(Object.values(namespaces).toSorted());

      const changed = await eachOf(objects, async (object) => {
        const sent = withoutRefs(object);
        const before = await cluster.get(sent);
        const { object: after } = await cluster.apply(sent);
        return isSame(before, after) ? [] : [`${object.kind}/${object.metadata.name}`];
      });
      console.log(
        `${environment}: ${changed.flat().length} of ${objects.length} objects changed by a second apply`,
      );
      expect(changed.flat()).toEqual([]);
    });
  });
});

describe('the API server', () => {
  it('refuses what is not allowed: Pod Security and schemas are in force', async () => {
    const systems = clusterSystems(clusterContext('dev'));
    const objects = systems.flatMap((system) => system.objects);
    const find = (kind: KubernetesObject['kind'], name: string): KubernetesObject => {
      const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
      if (!found) throw new Error(`there is no ${kind} ${name}`);
      return found;
    };
    await onCluster(async (cluster, bench) => {
      await eachOf(systems[0]?.objects ?? [], (object) => cluster.apply(withoutRefs(object)));
      const refused = (object: object): Promise<unknown> =>
        cluster.apply(z.custom<KubernetesObject>().parse(object)).then(
          () => 'admitted',
          (error: unknown) => String(error),
        );
      const bare = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'bare', namespace: namespaces.stack },
        spec: { containers: [{ name: 'main', image: 'example.com/x:1.0.0' }] },
      };
      // Pods are refused for want of their account until the controllers have made it.
      const answer = await bench.until('an answer about the pod', async () => {
        const said = String(await refused(bare));
        return said.includes('PodSecurity') ? said : undefined;
      });
      expect(answer).toContain(String.raw`violates PodSecurity \"restricted:latest\"`);

      const prometheus = find('Prometheus', 'prometheus');
      const spec = 'spec' in prometheus ? prometheus.spec : {};
      expect(await refused({ ...prometheus, spec: { ...spec, retencion: '1d' } })).toContain('retencion');
      expect(await refused({ ...prometheus, spec: { ...spec, retentionSize: 'much' } })).toContain(
        'retentionSize',
      );
      const loki = find('StatefulSet', 'loki');
      expect(await refused({ ...loki, replicas: 3 })).toContain('field not declared in schema');
    });
  });
});
