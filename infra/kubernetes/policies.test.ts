import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import { namespaces } from './context.ts';
import type { KubernetesObject } from './object.ts';
import { clusterSystems } from './systems.ts';

/** The API server takes 1 MiB of ConfigMap, and etcd 1.5 MB of anything. */
const largestObject = 900_000;

const quantities = z.record(z.string(), z.string());
const container = z.looseObject({
  image: z.string(),
  resources: z.looseObject({ requests: quantities, limits: quantities }).optional(),
  livenessProbe: z.looseObject({}).optional(),
  readinessProbe: z.looseObject({}).optional(),
  securityContext: z
    .looseObject({
      readOnlyRootFilesystem: z.boolean().optional(),
      allowPrivilegeEscalation: z.boolean().optional(),
    })
    .optional(),
});
type Container = z.infer<typeof container>;
const podSpec = z.looseObject({
  containers: z.array(container).nonempty(),
  securityContext: z.looseObject({ runAsNonRoot: z.boolean().optional() }).optional(),
  automountServiceAccountToken: z.boolean().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  volumes: z.array(z.looseObject({ hostPath: z.looseObject({}).optional() })).optional(),
});
type PodSpec = z.infer<typeof podSpec>;
const ingressSpec = z.looseObject({
  rules: z.array(
    z.looseObject({
      http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string(), pathType: z.string() })) }),
    }),
  ),
});

const nameOf = ({ kind, metadata }: KubernetesObject): string =>
  [kind, metadata.namespace, metadata.name].filter(Boolean).join('/');

const podOf = (object: KubernetesObject): PodSpec | undefined =>
  object.kind === 'Deployment' || object.kind === 'StatefulSet' || object.kind === 'DaemonSet'
    ? podSpec.parse(object.spec?.template?.spec)
    : undefined;

const imageOf = (object: KubernetesObject): readonly string[] =>
  'spec' in object && object.spec && 'image' in object.spec ? [String(object.spec.image)] : [];

describe.each(clusterEnvironments)('every object of %s', (environment) => {
  const systems = clusterSystems(clusterContext(environment));
  const objects = systems.flatMap((system) => system.objects);
  const workloads = objects.flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ name: nameOf(object), namespace: object.metadata.namespace, pod }] : [];
  });
  const containers: readonly (Container & { of: string })[] = workloads.flatMap(({ name, pod }) =>
    pod.containers.map((container) => ({ ...container, of: name })),
  );
  const offenders = <T>(all: readonly T[], name: (each: T) => string, wrong: (each: T) => boolean) => {
    expect(all.length).toBeGreaterThan(0);
    return all.filter(wrong).map(name);
  };
  const objectsThat = (wrong: (object: KubernetesObject) => boolean) => offenders(objects, nameOf, wrong);
  const containersThat = (wrong: (container: Container) => boolean) =>
    offenders(containers, ({ of }) => of, wrong);

  it('is there once', () => {
    expect(new Set(objects.map(nameOf)).size).toBe(objects.length);
  });

  it('says what it belongs to, whose it is and where it is', () => {
    const wanted = ['name', 'part-of', 'managed-by'].map((label) => `app.kubernetes.io/${label}`);
    expect(
      objectsThat(({ metadata: { labels = {} } }) =>
        [...wanted, 'environment', 'owner'].some((label) => !labels[label]),
      ),
    ).toEqual([]);
    expect(objectsThat(({ metadata }) => metadata.labels?.environment !== environment)).toEqual([]);
  });

  it('stays below the size that an API server takes', () => {
    expect(objectsThat((object) => JSON.stringify(object).length > largestObject)).toEqual([]);
  });

  it('has secrets as references alone', () => {
    const texts = objects.flatMap((object) =>
      object.kind === 'Secret' ? Object.entries(object.stringData) : [],
    );
    const plain = texts.filter(([, value]) => typeof value === 'string').map(([key]) => key);
    expect(plain).toEqual(['alertmanager.yaml']);
    const suspicious = /"(name|key)":"[^"]*(PASSWORD|SECRET|TOKEN|ROUTING_KEY)","value"/;
    expect(
      objectsThat((object) => suspicious.test(JSON.stringify(object).replaceAll(/__FILE|_FILE/g, '/'))),
    ).toEqual([]);
  });

  it('lets nothing of the backend in from outside but its public routes', () => {
    const paths = objects.flatMap((object) =>
      object.kind === 'Ingress' && object.metadata.name === 'backend-api'
        ? ingressSpec.parse(object.spec).rules.flatMap(({ http }) => http.paths)
        : [],
    );
    const reached = (url: string) =>
      paths.some(
        ({ path, pathType }) =>
          url === path || (pathType === 'Prefix' && url.startsWith(path.replace(/\/?$/, '/'))),
      );
    const open = ['/tasks', '/tasks/1', '/tasks/1/complete', '/login', '/updates'];
    const closed = ['/', '/events/task-updates', '/metrics', '/dapr/subscribe', '/health', '/ready'];
    expect([...open, ...closed].filter(reached)).toEqual(open);
  });

  it('gives no right to everything', () => {
    const rules = objects.flatMap((object) =>
      object.kind === 'ClusterRole' || object.kind === 'Role'
        ? (object.rules ?? []).map((rule) => ({ ...rule, of: nameOf(object) }))
        : [],
    );
    expect(rules.length).toBeGreaterThan(3);
    expect(JSON.stringify(rules)).not.toContain('"*"');
    // Nothing of ours changes anything, but the operator: what it makes, where it makes it, and what it tells of that.
    const changing = rules.filter(({ verbs }) =>
      verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)),
    );
    expect(
      Object.entries(Object.groupBy(changing, ({ of }) => of)).map(([of, each]) => [
        of,
        each?.flatMap(({ resources }) => resources),
      ]),
    ).toEqual([
      ['ClusterRole/sightline-prometheus-operator', ['events']],
      [
        'Role/monitoring/prometheus-operator',
        [
          'prometheuses/status',
          'prometheuses/finalizers',
          'alertmanagers/status',
          'alertmanagers/finalizers',
          'statefulsets',
          'configmaps',
          'secrets',
          'services',
        ],
      ],
      ['Role/kube-system/prometheus-operator', ['services', 'endpointslices']],
    ]);
  });

  it('names images with a version', () => {
    const images = [...containers.map(({ image }) => image), ...objects.flatMap(imageOf)];
    expect(images.length).toBeGreaterThan(10);
    expect(images.filter((image) => !/:v?\d+\.\d+\.\d+$|@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  });

  it('asks for what it needs, and is limited', () => {
    expect(
      containersThat(
        ({ resources }) =>
          !resources?.requests?.cpu || !resources.requests.memory || !resources.limits?.memory,
      ),
    ).toEqual([]);
  });

  it('is watched: every container has its probes', () => {
    expect(containersThat(({ livenessProbe, readinessProbe }) => !livenessProbe || !readinessProbe)).toEqual(
      [],
    );
  });

  it('writes nowhere but to volumes, and may not become more than it is', () => {
    expect(
      containersThat(
        ({ securityContext }) =>
          securityContext?.readOnlyRootFilesystem !== true ||
          securityContext.allowPrivilegeEscalation !== false,
      ),
    ).toEqual([]);
  });

  it('runs as no root but for Promtail, whose files are root’s', () => {
    expect(
      offenders(
        workloads,
        ({ name }) => name,
        ({ pod }) => pod.securityContext?.runAsNonRoot !== true,
      ),
    ).toEqual([`DaemonSet/${namespaces.agents}/promtail`]);
  });

  it('has a token of the API server only where it asks it', () => {
    expect(
      offenders(
        workloads,
        ({ name }) => name,
        ({ pod }) => pod.automountServiceAccountToken !== false,
      ),
    ).toEqual([
      `Deployment/${namespaces.stack}/prometheus-operator`,
      `DaemonSet/${namespaces.agents}/promtail`,
      `Deployment/${namespaces.stack}/kube-state-metrics`,
    ]);
  });

  it('touches its host only from the agents’ namespace', () => {
    const onHost = workloads.filter(
      ({ pod }) => pod.hostNetwork || pod.hostPID || pod.volumes?.some(({ hostPath }) => hostPath),
    );
    expect(new Set(onHost.map(({ namespace }) => namespace))).toEqual(new Set([namespaces.agents]));
  });
});
