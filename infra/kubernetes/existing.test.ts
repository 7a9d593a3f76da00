import { describe, expect, it } from 'vitest';
import { clusterContext } from './cluster-context.ts';
import type { ClusterContext } from './context.ts';
import { flows, parties } from './flows.ts';
import type { KubernetesObject, ObjectOf } from './object.ts';
import { clusterSystems, secretsOf } from './systems.ts';

type Existing = NonNullable<ClusterContext['kubernetes']['existing']>;

const prometheus = {
  url: 'http://prometheus-operated.observability.svc:9090',
  namespace: 'observability',
  labels: { release: 'stack' },
};
const alertmanager = { namespace: 'observability', service: 'alerts', port: 9093 };
const loki = { url: 'https://logs.example.com:3100', tenant: 'tasks', user: 'writer' };
const grafana = {
  namespace: 'dashboards',
  dashboardLabel: 'grafana_dashboard',
  folderAnnotation: 'grafana_folder',
  datasourceLabel: 'grafana_datasource',
};
const exporter = { namespace: 'observability', name: 'their-exporter', port: 'metrics' };

const having = (existing: Existing, operator: 'install' | 'existing' = 'install'): ClusterContext => {
  const context = clusterContext('prod');
  return { ...context, kubernetes: { ...context.kubernetes, operator, existing } };
};
const objectsOf = (context: ClusterContext): readonly KubernetesObject[] =>
  clusterSystems(context).flatMap((system) => system.objects);
const names = (objects: readonly KubernetesObject[]): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
const textOf = (objects: readonly KubernetesObject[], name: string): string =>
  JSON.stringify(objects.find((each) => `${each.kind}/${each.metadata.name}` === name) ?? 'nothing');
const isMonitor = (
  object: KubernetesObject,
): object is ObjectOf<'ServiceMonitor' | 'PodMonitor' | 'Probe' | 'PrometheusRule'> =>
  ['ServiceMonitor', 'PodMonitor', 'Probe', 'PrometheusRule'].includes(object.kind);

/** Whom the policies of a part let in. */
const letIn = (context: ClusterContext, part: string) =>
  flows(context)
    .filter(({ to }) => to !== 'anywhere' && 'part' in to && to.part === part)
    .map(({ from }) => from);

describe('a Prometheus and an Alertmanager that the cluster has', () => {
  const context = having({ prometheus, alertmanager }, 'existing');
  const objects = objectsOf(context);

  it('get rules and monitors with the labels that they look for, and nothing else of either is made', () => {
    const left = objects.filter(({ metadata }) => /prometheus|alertmanager/.test(metadata.name));
    expect(left.filter((each) => !isMonitor(each))).toEqual([]);
    const found = objects.filter(isMonitor);
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(({ metadata }) => metadata.labels?.release !== 'stack')).toEqual([]);
    expect(objects.filter((each) => !isMonitor(each) && each.metadata.labels?.release)).toEqual([]);
    expect(names(found)).not.toContain('ServiceMonitor/prometheus');
    expect(names(found)).not.toContain('ServiceMonitor/prometheus-operator');
  });

  it('are where data flows to and from', () => {
    expect(letIn(context, 'sync')).toContainEqual({ namespace: 'observability' });
    const fromLoki = flows(context).filter(
      ({ from }) => from !== 'anywhere' && 'part' in from && from.part === 'loki',
    );
    expect(fromLoki).toContainEqual(
      expect.objectContaining({ to: { namespace: 'observability' }, ports: [{ port: 9093 }] }),
    );
    expect(parties(context).map(({ part }) => part)).not.toContain('prometheus');
    expect(textOf(objects, 'ConfigMap/loki')).toContain(
      'alertmanager_url: http://alerts.observability.svc:9093',
    );
    expect(textOf(objects, 'ConfigMap/grafana-config')).toContain(prometheus.url);
    expect(textOf(objects, 'ConfigMap/grafana-config')).toContain('http://alerts.observability.svc:9093');
  });

  it('need none of our receivers’ secrets', () => {
    expect(
      [...secretsOf(clusterSystems(context))].filter((name) => /SLACK|PAGER|HEARTBEAT/.test(name)),
    ).toEqual([]);
  });
});

it('every replica of an Alertmanager that the cluster has is told by Loki where its Service is headless', () => {
  const objects = objectsOf(having({ alertmanager: { ...alertmanager, portName: 'web' } }));
  expect(textOf(objects, 'ConfigMap/loki')).toContain(
    'alertmanager_url: http://_web._tcp.alerts.observability.svc\\n  enable_alertmanager_discovery: true',
  );
});

it('an Alertmanager that the cluster has is told by our Prometheus', () => {
  const text = textOf(objectsOf(having({ alertmanager })), 'Prometheus/prometheus');
  expect(text).toContain('{"namespace":"observability","name":"alerts","port":9093,"apiVersion":"v2"}');
});

describe('a Loki that the cluster has', () => {
  const context = having({ loki });
  const objects = objectsOf(context);

  it('gets the lines as its tenant, by a password that only Secrets hold', () => {
    expect(names(objects)).not.toContain('StatefulSet/loki');
    expect(names(objects)).not.toContain('ServiceMonitor/loki');
    const promtail = textOf(objects, 'ConfigMap/promtail');
    expect(promtail).toContain('url: https://logs.example.com:3100/loki/api/v1/push');
    expect(promtail).toContain('tenant_id: tasks');
    expect(promtail).toContain('password_file: /etc/sightline/secrets/LOKI_PASSWORD');
    expect(textOf(objects, 'DaemonSet/promtail')).toContain('"mountPath":"/etc/sightline/secrets"');
    expect(textOf(objects, 'DaemonSet/promtail')).toContain('"checksum/secrets":"LOKI_PASSWORD"');
  });

  it('is asked by Grafana as the same tenant', () => {
    const config = textOf(objects, 'ConfigMap/grafana-config');
    expect(config).toContain('httpHeaderValue1: tasks');
    expect(config).toContain('basicAuthPassword: $__file{/etc/sightline/secrets/LOKI_PASSWORD}');
    expect(textOf(objects, 'Secret/grafana')).toContain('"LOKI_PASSWORD":{"secretRef":"LOKI_PASSWORD"}');
  });

  it('is reached on its port', () => {
    const out = flows(context).filter(
      ({ from, to }) =>
        to === 'anywhere' && from !== 'anywhere' && 'part' in from && from.part === 'promtail',
    );
    expect(out.flatMap(({ ports }) => ports)).toContainEqual({ port: 3100 });
  });
});

describe('a Grafana that the cluster has', () => {
  const objects = objectsOf(having({ grafana }));
  const maps = objects.filter(({ metadata }) => metadata.namespace === 'dashboards');

  it('is given every dashboard in its folder, by what its sidecar looks for', () => {
    const dashboards = maps.filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
    expect(dashboards).toHaveLength(clusterContext('prod').stack.dashboards.length);
    expect(dashboards.filter(({ metadata }) => !metadata.annotations?.grafana_folder)).toEqual([]);
    expect(names(objects)).not.toContain('Deployment/grafana');
    expect(names(objects)).not.toContain('Ingress/grafana');
    expect(names(objects)).not.toContain('PodDisruptionBudget/grafana');
  });

  it('is given data sources, none of which takes the place of its default', () => {
    const sources = textOf(objects, 'ConfigMap/sightline-datasources');
    expect(sources).toContain('"grafana_datasource":"1"');
    expect(sources).toContain('uid: loki');
    expect(sources).not.toContain('isDefault');
  });

  it('keeps its own data sources where no label is named', () => {
    const { datasourceLabel: _, ...without } = grafana;
    expect(names(objectsOf(having({ grafana: without })))).not.toContain('ConfigMap/sightline-datasources');
  });
});

it('exporters that the cluster has are scraped as ours would be', () => {
  const objects = objectsOf(having({ kubeStateMetrics: exporter, nodeExporter: exporter }));
  expect(names(objects)).not.toContain('Deployment/kube-state-metrics');
  expect(names(objects)).not.toContain('DaemonSet/node-exporter');
  for (const name of ['ServiceMonitor/kube-state-metrics', 'PodMonitor/node-exporter']) {
    const text = textOf(objects, name);
    expect(text).toContain('"matchNames":["observability"]');
    expect(text).toContain('"app.kubernetes.io/name":"their-exporter"');
    expect(text).toContain('"port":"metrics"');
  }
  expect(textOf(objects, 'PodMonitor/node-exporter')).toContain(
    '{"targetLabel":"service","replacement":"node-exporter"}',
  );
});
