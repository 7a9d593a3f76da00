import { z } from 'zod';
import type { KubernetesApi } from '../../infra/catalogue/verifiers/kubernetes-api.ts';
import { type Cluster, eachOf } from '../support/kubernetes.ts';

const groups = z.object({
  groups: z.array(z.object({ preferredVersion: z.object({ groupVersion: z.string() }) })),
});
const resources = z.object({
  resources: z.array(
    z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) }),
  ),
});
const listed = z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) }));

/** What the API server writes about others and forgets by itself. */
const passing = ['Event'];

/** Every object in a namespace that the API server knows, whatever its kind and whoever made it: `Kind/namespace/name`. */
export async function everythingIn(
  api: KubernetesApi,
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<readonly string[]> {
  const found = groups.parse(JSON.parse(await api.get('/apis')));
  const roots = [
    '/api/v1',
    ...found.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`),
  ];
  const all = await eachOf(roots, async (root) => {
    const kinds = resources.parse(JSON.parse(await api.get(root))).resources;
    const listable = kinds.filter(
      ({ kind, namespaced, verbs }) => namespaced && verbs.includes('list') && !passing.includes(kind),
    );
    return eachOf(listable, async ({ name, kind }) =>
      listed
        .parse(await cluster.list(`${root}/${name}`))
        .filter(({ metadata }) => namespaces.includes(metadata.namespace))
        .map(({ metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`),
    );
  });
  return all.flat(2).sort();
}
