import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { namespaces } from '../../infra/kubernetes/context.ts';
import { isKept } from '../../infra/kubernetes/kept.ts';
import { secretTable } from '../../infra/kubernetes/secrets.ts';
import { operatorName } from '../../infra/kubernetes/systems/operator.ts';
import { clusterSystems, secretsOf } from '../../infra/kubernetes/systems.ts';
import type { SecretForm } from '../../telemetry/contract/secrets.ts';
import { eachOf, withoutRefs } from '../support/kubernetes.ts';
import { everythingIn } from './inventory.ts';
import { startOperator } from './prometheus-operator.ts';
import { missingForPulumi, withStack } from './pulumi-cli.ts';
import { onCluster, provision, type SimulatedCluster } from './simulated-cluster.ts';

const environment = 'dev';
const context = 'probe';

const exampleOf: Readonly<Record<SecretForm, string>> = {
  url: 'https://receiver.invalid/',
  'pagerduty-key': 'a'.repeat(32),
  password: 'p'.repeat(32),
  token: 't'.repeat(32),
  'url-safe': 's'.repeat(32),
  json: '{}',
};

const ingress = z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) }));

/** What Pulumi waits for, and only a cluster's own controllers do: volumes for claims, addresses for Ingresses. */
async function controllersOfTheCluster(
  { api, cluster }: SimulatedCluster,
  signal: AbortSignal,
): Promise<void> {
  const root = '/apis/networking.k8s.io/v1';
  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.100' }] } };
  while (!signal.aborted) {
    await provision(cluster);
    const waiting = ingress.parse(await cluster.list(`${root}/ingresses`));
    await eachOf(waiting, ({ metadata: { name, namespace } }) =>
      api.setStatus(`${root}/namespaces/${namespace}/ingresses/${name}`, status),
    );
    await delay(500);
  }
}

it('Pulumi itself deploys, changes what was changed and nothing else, and destroys', async (test) => {
  const missing = await missingForPulumi();
  if (missing.length > 0) test.skip(`not on PATH: ${missing.join(', ')}`);
  const systems = clusterSystems(clusterContext(environment));
  const objects = systems.flatMap((system) => system.objects);
  await onCluster(async (started) => {
    const { api, bench, cluster, kubeconfig } = started;
    const over = new AbortController();
    const work = withStack(environment, { kubeconfig, context }, async ({ run, setSecret }) => {
      for (const name of secretsOf(systems)) await setSecret(name, exampleOf[secretTable[name].form]);
      await run('preview');
      expect(await cluster.list(`/api/v1/namespaces/${namespaces.stack}/pods`)).toEqual([]);

      const needed = systems.find(({ name }) => name === operatorName)?.objects ?? [];
      const operator = bench
        .until('what the operator needs', () => eachOf(needed, (object) => cluster.get(object)))
        .then(() => startOperator(started));
      await Promise.all([run('up', '--yes', '--skip-preview'), operator]);
      await run('up', '--yes', '--skip-preview', '--expect-no-changes');

      await setSecret('AUTH_SECRET', 'u'.repeat(32));
      await expect(run('preview', '--expect-no-changes')).rejects.toThrow();
      await run('up', '--yes', '--skip-preview');
      await run('preview', '--expect-no-changes');

      await run('destroy', '--yes', '--skip-preview');
      const kept = await eachOf(objects, async (object) => {
        const isThere = await cluster.get(withoutRefs(object)).then(
          () => true,
          () => false,
        );
        return isThere === isKept(object) ? [] : [`${object.kind}/${object.metadata.name}`];
      });
      expect(kept.flat()).toEqual([]);
      const left = await everythingIn(api, cluster, Object.values(namespaces));
      console.log(
        `${environment}: pulumi destroyed all but ${left.length} objects, volume claims among them`,
      );
    });
    await Promise.all([controllersOfTheCluster(started, over.signal), work.finally(() => over.abort())]);
  });
});
