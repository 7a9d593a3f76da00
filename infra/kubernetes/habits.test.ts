import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deadLetterTopicOf, events } from '../../telemetry/contract/events.ts';
import { topics } from '../../telemetry/contract/labels.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import { namespaces } from './context.ts';
import { isKept } from './kept.ts';
import type { KubernetesObject } from './object.ts';
import { clusterSystems } from './systems.ts';

/** What pods are made of, whoever makes them: of the operator's kinds, the operator. */
const pod = z.looseObject({
  priorityClassName: z.string(),
  terminationGracePeriodSeconds: z.number().optional(),
  securityContext: z.looseObject({ seccompProfile: z.looseObject({ type: z.string() }) }),
  affinity: z.looseObject({ podAntiAffinity: z.looseObject({}).optional() }).optional(),
  topologySpreadConstraints: z
    .array(z.looseObject({ topologyKey: z.string(), whenUnsatisfiable: z.string() }))
    .optional(),
});
const template = z.looseObject({ template: z.looseObject({ spec: pod }) });
const replicated = z.looseObject({ replicas: z.number() });
const monitor = z.looseObject({ sampleLimit: z.number().positive() });
const quota = z.looseObject({ hard: z.record(z.string(), z.string()) });
const component = z.looseObject({
  metadata: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
});

const specOf = (object: KubernetesObject): unknown => ('spec' in object ? object.spec : undefined);
const podOf = (object: KubernetesObject): z.infer<typeof pod> | undefined => {
  if (object.kind === 'Prometheus' || object.kind === 'Alertmanager') return pod.parse(specOf(object));
  return ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)
    ? template.parse(specOf(object)).template.spec
    : undefined;
};
const replicasOf = (object: KubernetesObject): number =>
  replicated.safeParse(specOf(object)).data?.replicas ?? 1;

describe.each(clusterEnvironments)('the workloads of %s', (environment) => {
  const context = clusterContext(environment);
  const objects = clusterSystems(context).flatMap((system) => system.objects);
  const workloads = objects.flatMap((object) => {
    const spec = podOf(object);
    return spec ? [{ name: object.metadata.name, replicas: replicasOf(object), spec }] : [];
  });
  const those = (wrong: (workload: (typeof workloads)[number]) => boolean) =>
    workloads.filter(wrong).map(({ name }) => name);
  const specNamed = (kind: KubernetesObject['kind'], name: string): unknown => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    return found && specOf(found);
  };
  const isScaled = (name: string): boolean => specNamed('HorizontalPodAutoscaler', name) !== undefined;

  it('come before what may wait, and are held to the system calls that containers need', () => {
    expect(workloads.length).toBeGreaterThan(12);
    expect(those(({ spec }) => spec.priorityClassName !== 'sightline')).toEqual([]);
    expect(those(({ spec }) => spec.securityContext.seccompProfile.type !== 'RuntimeDefault')).toEqual([]);
  });

  it('with several instances keep apart, and lose one of them at a time', () => {
    const several = workloads.filter(({ name, replicas }) => replicas > 1 || isScaled(name));
    expect(several.length).toBe({ dev: 0, staging: 1, prod: 15 }[environment]);
    for (const { name, spec } of several) {
      expect(spec.affinity?.podAntiAffinity, name).toBeDefined();
      expect(
        spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey),
        name,
      ).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
      expect(specNamed('PodDisruptionBudget', name), name).toMatchObject({
        maxUnavailable: 1,
      });
    }
    // A node without the label of its zone would take none of those that must be apart by it.
    const required = workloads.flatMap(({ name, spec }) =>
      (spec.topologySpreadConstraints ?? [])
        .filter(({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway')
        .map(({ topologyKey }) => `${name}: ${topologyKey}`),
    );
    expect(required).toEqual(environment === 'prod' ? ['loki-ingester: kubernetes.io/hostname'] : []);
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets).toHaveLength(several.length);
  });

  it('have longer to end than what they write first takes', () => {
    const seconds = (name: string) =>
      workloads.find((each) => each.name === name)?.spec.terminationGracePeriodSeconds;
    expect(seconds(environment === 'prod' ? 'loki-ingester' : 'loki')).toBe(300);
    expect(seconds('prometheus')).toBe(600);
    // Services end by themselves within ten seconds, their sidecars within fifteen.
    for (const name of serviceNames) expect(seconds(name), name).toBe(30);
    // Those of the log pipeline within twenty-five.
    for (const name of ['log-gateway', 'log-ingestor']) expect(seconds(name), name).toBe(40);
  });

  it('leave what was recorded where it is when they go', () => {
    const kept = { whenDeleted: 'Retain', whenScaled: 'Retain' };
    const holders = objects.filter(({ kind }) =>
      ['Prometheus', 'Alertmanager', 'StatefulSet'].includes(kind),
    );
    expect(holders.length).toBeGreaterThan(7);
    for (const holder of holders)
      expect(specOf(holder), holder.metadata.name).toMatchObject({
        persistentVolumeClaimRetentionPolicy: kept,
      });
    const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(claims.filter((claim) => !isKept(claim))).toEqual([]);
  });

  it('are looked at as one Prometheus, which keeps no more than its disk has room for', () => {
    expect(specNamed('Service', 'prometheus')).toMatchObject({
      sessionAffinity: 'ClientIP',
    });
    const { retentionTime, retentionSize } = context.stack.config.prometheus;
    expect(specNamed('Prometheus', 'prometheus')).toMatchObject({
      retention: retentionTime,
      retentionSize,
    });
  });

  it('are scraped for no more samples than a target may have', () => {
    const scraped = objects.filter(({ kind }) => kind === 'ServiceMonitor' || kind === 'PodMonitor');
    expect(scraped.length).toBeGreaterThan(8);
    expect(scraped.filter((each) => !monitor.safeParse(specOf(each)).success)).toEqual([]);
    const limitOf = (name: string) => monitor.parse(specNamed('ServiceMonitor', name)).sampleLimit;
    // It tells of every pod of the cluster.
    const { series } = context.kubernetes.load;
    expect(limitOf('kube-state-metrics')).toBe(Math.max(series, limitOf('services')));
    expect(limitOf('services')).toBe(20_000);
  });

  it('may be no more than a quota has, but for the agents: they are as many as nodes', () => {
    const limits = objects
      .filter(({ kind }) => kind === 'ResourceQuota')
      .map((object) => [object.metadata.namespace, quota.parse(specOf(object)).hard.pods]);
    expect(Object.fromEntries(limits)).toEqual({
      [namespaces.services]: '100',
      [namespaces.stack]: '100',
      [namespaces.agents]: undefined,
    });
  });
});

describe('the bus of the services', () => {
  const bus = clusterSystems(clusterContext('prod'))
    .flatMap((system) => system.objects)
    .find(({ kind }) => kind === 'Component');
  if (!bus) throw new Error('there is no component of Dapr');
  const settings = new Map(
    component.parse(specOf(bus)).metadata.map(({ name, value }) => [name, value ?? ''] as const),
  );
  /** `a=x,y;b=` as Dapr reads it. */
  const scopes = (name: string) =>
    new Map(
      (settings.get(name) ?? '').split(';').map((each) => {
        const [app = '', theirs = ''] = each.split('=');
        return [app, theirs.split(',').filter(Boolean)] as const;
      }),
    );

  it('lets every service, and nobody else, publish and be told what the contract says', () => {
    expect('scopes' in bus && bus.scopes).toEqual([...serviceNames]);
    for (const [name, role] of [
      ['publishingScopes', 'publishers'],
      ['subscriptionScopes', 'subscribers'],
    ] as const) {
      expect([...scopes(name).keys()]).toEqual([...serviceNames]);
      for (const event of Object.values(events))
        for (const service of serviceNames)
          if ((event[role] as readonly string[]).includes(service))
            expect(scopes(name).get(service), `${service} of ${name}`).toContain(event.topic);
    }
    expect(scopes('publishingScopes').get('audit')).toEqual([deadLetterTopicOf('audit')]);
    expect(scopes('publishingScopes').get('sync')).toEqual(['task-updates', deadLetterTopicOf('sync')]);
    expect(scopes('subscriptionScopes').get('backend-api')).toEqual(['task-updates']);
    // Protected: an application that is not named has none of them.
    expect(settings.get('protectedTopics')).toBe(
      [...topics, ...serviceNames.map(deadLetterTopicOf)].join(','),
    );
  });

  it('does not grow for ever, and its password is in a Secret alone', () => {
    expect(Number(settings.get('maxLenApprox'))).toBeGreaterThan(10_000);
    expect(settings.get('redisPassword')).toBe('');
    expect(settings.get('enableTLS')).toBe('true');
  });
});
