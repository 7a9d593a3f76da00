import { describe, expect, it } from 'vitest';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { namespaces } from '../../infra/kubernetes/context.ts';
import { isKept } from '../../infra/kubernetes/kept.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { eachOf, withoutRefs } from '../support/kubernetes.ts';
import { deploy, nameOf, readyPods } from './deployment.ts';
import { everythingIn } from './inventory.ts';
import { onCluster } from './simulated-cluster.ts';

const ours = Object.values(namespaces);
const isClaim = (name: string): boolean => name.startsWith('PersistentVolumeClaim/');

/** Kubernetes makes these in every namespace. */
const inEveryNamespace = ours.flatMap((namespace) => [
  `ConfigMap/${namespace}/kube-root-ca.crt`,
  `ServiceAccount/${namespace}/default`,
]);

describe.each(clusterEnvironments)('the teardown of %s', (environment) => {
  it('leaves nothing but what is kept: volumes, namespaces and definitions', async () => {
    await onCluster(async (started) => {
      const deployment = await deploy(started, environment);
      const { api, bench, cluster, objects } = deployment;
      await readyPods(deployment);
      // For a moment after a definition was changed, its objects cannot be listed.
      const inventory = (of: readonly string[]) =>
        bench.until('an inventory', () => everythingIn(api, cluster, of));
      const before = await inventory(ours);
      const claims = before.filter(isClaim);
      const deleted = objects.filter((object) => !isKept(object));
      for (const object of deleted.toReversed()) await api.delete(await cluster.pathOf(object));

      // What they own goes after them.
      const expected = [...claims, ...inEveryNamespace];
      let left = before;
      await bench
        .until('an empty cluster', async () => {
          left = await everythingIn(api, cluster, ours);
          return left.every((name) => expected.includes(name)) || undefined;
        })
        .catch(() => undefined);
      const isThere = (object: KubernetesObject): Promise<boolean> =>
        cluster.get(withoutRefs(object)).then(
          () => true,
          () => false,
        );
      const kept = await eachOf(objects, async (object) => ((await isThere(object)) ? [object] : []));
      // The operator leaves its Service of the nodes' kubelets, which no other object owns.
      const system = await inventory(['kube-system']);
      const ofKubelets = system.filter((name) => /\/kubelet(-|$)/.test(name));
      console.log(
        `${environment}: ${deleted.length} objects deleted in reverse order, and ${before.length - left.length} of ${before.length} in our namespaces with them; kept: ${kept.flat().length} objects, ${claims.length} volume claims, ${ofKubelets.join(', ')}`,
      );
      expect(left.filter((name) => !expected.includes(name))).toEqual([]);
      expect(left.filter(isClaim)).toEqual(claims);
      expect(ofKubelets.map((name) => name.split('/')[0])).toEqual(['EndpointSlice', 'Service']);
      expect(claims.length).toBeGreaterThan(0);
      expect(kept.flat().map(nameOf)).toEqual(objects.filter(isKept).map(nameOf));
    });
  });
});
