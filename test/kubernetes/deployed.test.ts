import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ask } from '../../infra/catalogue/look.ts';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { componentLabel, nameLabel, namespaces } from '../../infra/kubernetes/context.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { planLocal } from '../../infra/local/plan.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { eachOf, isSame, withoutRefs } from '../support/kubernetes.ts';
import { deployed, nameOf, type Pod, perNamespace, podsOf, readyPods } from './deployment.ts';
import { atApiServer, lookingPrometheus } from './discovery.ts';
import { expectedTargets, type Labels, sorted } from './expected-targets.ts';
import { expectedJobs, generated } from './generated.ts';
import { rollouts } from './rollouts.ts';
import { nodes } from './simulated-cluster.ts';

const localConfiguration = z.looseObject({ scrape_configs: z.array(z.looseObject({})) });
const conditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});
const ruleGroups = z.object({ groups: z.array(z.object({ name: z.string() })) });
const loadedRules = z.object({ data: ruleGroups });
const activeAlertmanagers = z.object({
  data: z.object({ activeAlertmanagers: z.array(z.unknown()), droppedAlertmanagers: z.array(z.unknown()) }),
});

const partOf = ({ metadata: { namespace, labels } }: Pod): string =>
  [namespace, labels[nameLabel], labels[componentLabel]].filter(Boolean).join('/');

describe.each(clusterEnvironments)('%s on a real API server', (environment) => {
  const deployment = deployed(environment);

  it('is admitted as it is, and becomes pods that are ready', async () => {
    const { objects, warnings } = deployment();
    const pods = await readyPods(deployment());
    const counts = perNamespace((namespace) => {
      const own = pods.filter(({ metadata }) => metadata.namespace === namespace);
      const told = warnings.filter((text) => text.startsWith(`${namespace}:`));
      return `${own.length} pods, ${told.length} warnings`;
    });
    console.log(`${environment}: ${objects.length} objects admitted; ready: ${counts}`);
    expect(warnings).toEqual([]);
    expect(pods).toHaveLength(podsOf(objects));
    const inUse = new Set(pods.map(({ metadata }) => metadata.namespace));
    expect([...inUse].sort()).toEqual(Object.values(namespaces).toSorted());
  });

  it('rolls out: replicas are on nodes of their own, agents on every node', async () => {
    const pods = await readyPods(deployment());
    const said = await rollouts(deployment());
    const byPart = Object.groupBy(pods, partOf);
    const shared = Object.entries(byPart).flatMap(([part, all = []]) => {
      const used = new Set(all.map(({ spec }) => spec.nodeName));
      return used.size === all.length ? [] : [part];
    });
    console.log(`${environment}: ${said.length} rollouts complete, on ${nodes.length} nodes in 3 zones`);
    expect(
      said.filter((line) => !/successfully rolled out|update complete|roll out complete/.test(line)),
    ).toEqual([]);
    expect(said).toHaveLength(Object.keys(byPart).length);
    expect(shared).toEqual([]);
    // What has the volume of the embedded queue between them is where it can be attached.
    const sharing = pods.filter(({ metadata }) => metadata.labels['sightline/shares'] === 'log-queue');
    expect(sharing).toHaveLength(environment === 'staging' ? 2 : 0);
    expect(new Set(sharing.map(({ spec }) => spec.nodeName)).size).toBe(sharing.length > 0 ? 1 : 0);
  });

  it('is what the operator makes of it', async () => {
    const { bench, cluster, objects } = deployment();
    await readyPods(deployment());
    const custom = objects.filter(({ kind }) => kind === 'Prometheus' || kind === 'Alertmanager');
    const states = await eachOf(custom, (object) =>
      bench.until(`${nameOf(object)} available`, async () => {
        const { status } = conditions.parse(await cluster.get(withoutRefs(object)));
        const isSo = ['Available', 'Reconciled'].every((type) =>
          status.conditions.some((condition) => condition.type === type && condition.status === 'True'),
        );
        return isSo || undefined;
      }),
    );
    const { config, ruleFiles } = await generated(deployment());
    const jobs = config.scrape_configs.map(({ job_name: name }) => name);
    const groups = Object.values(ruleFiles).flatMap((text) => ruleGroups.parse(parse(text)).groups);
    console.log(
      `${environment}: the operator made ${states.length} custom resources available, ${jobs.length} scrape jobs, ${groups.length} rule groups`,
    );
    expect(jobs.toSorted()).toEqual(expectedJobs(objects));
    expect(groups.map(({ name }) => name).sort()).toEqual(
      objects
        .flatMap((object) => (object.kind === 'PrometheusRule' ? ruleGroups.parse(object.spec).groups : []))
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('is found whole by Prometheus: its targets, Alertmanagers and rules', async () => {
    const { bench, context } = deployment();
    await readyPods(deployment());
    const made = await generated(deployment());
    const prometheus = await atApiServer(deployment(), made);
    // Until the operator is done, pods may still be replaced, and their addresses with them.
    let expected: readonly Labels[] = [];
    let found: readonly Labels[] = [];
    const areEqual = async (): Promise<true | undefined> => {
      expected = sorted(await expectedTargets(deployment()));
      found = sorted(await prometheus.targets());
      return isDeepStrictEqual(found, expected) || undefined;
    };
    await bench.until('every target', areEqual).catch((error: unknown) => {
      // The comparison below says what is missing.
      if (expected.length === 0 || found.length === 0) throw error;
    });
    const alertmanagers = await bench.until('Alertmanagers', async () => {
      const text = await ask(`${prometheus.url}/api/v1/alertmanagers`);
      const { activeAlertmanagers: active } = activeAlertmanagers.parse(JSON.parse(text)).data;
      return active.length >= context.kubernetes.alertmanager.replicas ? active : undefined;
    });
    const rules = loadedRules.parse(JSON.parse(await ask(`${prometheus.url}/api/v1/rules`))).data.groups;
    const parts = Object.entries(Object.groupBy(found, ({ service = '' }) => service));
    console.log(
      `${environment}: ${found.length} targets of ${expected.length} discovered, ${alertmanagers.length} Alertmanagers, ${rules.length} rule groups: ${parts.map(([name, all]) => `${name} ${all?.length}`).join(', ')}`,
    );
    expect(found).toEqual(expected);
    expect(serviceNames.filter((name) => !found.some(({ service }) => service === name))).toEqual([]);
    expect(alertmanagers).toHaveLength(context.kubernetes.alertmanager.replicas);
    expect(rules).toHaveLength(Object.keys(made.ruleFiles).length);
  });

  it('has targets with the labels that a laptop’s have', async () => {
    const { bench, context } = deployment();
    await readyPods(deployment());
    const plan = await planLocal({ portOffset: 0, stateDir: '/nowhere', env: {}, timeScale: 1 });
    const local = localConfiguration.parse(parse(plan.files.get('config/prometheus.yml') ?? ''));
    const laptop = await lookingPrometheus(bench, local, {});
    const expected = await bench.until('targets', async () => {
      const targets = await laptop.targets();
      return targets.length >= local.scrape_configs.length ? targets : undefined;
    });
    const inCluster = await expectedTargets(deployment());
    for (const target of expected) {
      const same = inCluster.filter(({ job }) => job === target.job);
      expect(same.length, target.job).toBeGreaterThan(0);
      for (const each of same) expect(Object.keys(each).sort()).toEqual(Object.keys(target).sort());
    }
    console.log(`${context.environment}: ${expected.length} kinds of targets have the labels of a laptop's`);
  });

  it('would be refused if it asked for more: Pod Security and schemas are in force', async () => {
    const { cluster, objects } = deployment();
    const find = (kind: KubernetesObject['kind'], name: string): KubernetesObject => {
      const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
      if (!found) throw new Error(`there is no ${kind} ${name}`);
      return found;
    };
    const answer = (object: object): Promise<unknown> =>
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
    expect(await answer(bare)).toContain(String.raw`violates PodSecurity \"restricted:latest\"`);
    const prometheus = find('Prometheus', 'prometheus');
    const spec = 'spec' in prometheus ? prometheus.spec : {};
    expect(await answer({ ...prometheus, spec: { ...spec, retencion: '1d' } })).toContain('retencion');
    expect(await answer({ ...prometheus, spec: { ...spec, retentionSize: 'much' } })).toContain(
      'retentionSize',
    );
    const grafana = find('Deployment', 'grafana');
    expect(await answer({ ...grafana, replicas: 3 })).toContain('field not declared in schema');
  });

  it('starts anew the pods that read a changed configuration, and no others', async () => {
    const { bench, cluster, context, objects } = deployment();
    const before = await readyPods(deployment());
    const { config } = context.stack;
    const stack = {
      ...context.stack,
      config: { ...config, loki: { ...config.loki, retention: '3d' as const } },
    };
    const changed = clusterSystems({ ...context, stack })
      .flatMap((system) => system.objects)
      .filter((object) => !objects.some((each) => isDeepStrictEqual(each, object)));
    const originals = objects.filter((each) => changed.some((object) => nameOf(object) === nameOf(each)));
    const known = new Set(before.map(({ metadata }) => metadata.uid));
    const isNew = ({ metadata }: Pod): boolean => !known.has(metadata.uid);
    // One process, or each of them where it is distributed.
    const restarted = new Set(before.map(partOf).filter((part) => part.split('/')[1] === 'loki'));
    try {
      for (const object of changed) await cluster.apply(withoutRefs(object));
      const after = await bench.until('new pods of all that changed', async () => {
        const pods = await readyPods(deployment());
        return pods.filter((pod) => restarted.has(partOf(pod))).every(isNew) ? pods : undefined;
      });
      console.log(
        `${environment}: a changed retention of logs changed ${changed.map(nameOf).join(', ')}; new pods: ${after.filter(isNew).map(partOf).join(', ')}`,
      );
      expect(restarted.size).toBeGreaterThan(0);
      expect([...new Set(after.filter(isNew).map(partOf))].sort()).toEqual([...restarted].sort());
      // A pod whose place another one took would be new; those of all others are as they were.
      const uidsOf = (pods: readonly Pod[]) =>
        pods.filter((pod) => !restarted.has(partOf(pod))).map(({ metadata }) => metadata.uid);
      expect(uidsOf(after).toSorted()).toEqual(uidsOf(before).toSorted());
    } finally {
      for (const object of originals) await cluster.apply(withoutRefs(object));
    }
  });

  it('stays the same when it is applied again', async () => {
    const { cluster, objects } = deployment();
    // What the test before this one changed and took back: controllers note on a workload how far it is.
    await rollouts(deployment());
    const changed = await eachOf(objects, async (object) => {
      const sent = withoutRefs(object);
      const before = await cluster.get(sent);
      const { object: after } = await cluster.apply(sent);
      return isSame(before, after) ? [] : [nameOf(object)];
    });
    console.log(
      `${environment}: ${changed.flat().length} of ${objects.length} objects changed by a second apply`,
    );
    expect(changed.flat()).toEqual([]);
  });
});
