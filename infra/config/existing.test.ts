import { describe, expect, it } from 'vitest';
import { but, expectRefusal, parse, prod } from './testing.ts';

const prometheus = '{ url: "http://p.obs.svc:9090", namespace: obs, labels: { release: stack } }';
const alertmanager = '{ namespace: obs, service: alerts, port: 9093 }';
const grafana = '{ namespace: obs, dashboardLabel: grafana_dashboard, folderAnnotation: grafana_folder }';

/** Prod, with pieces that its cluster has already. */
const having = (existing: string, text = prod): string =>
  but(text, '  operator: install', `  operator: install\n  existing: ${existing}`);
const quiet = but(prod, 'paging: pagerduty', 'paging: none');

describe('pieces that a cluster has already', () => {
  it('are taken where they go together', () => {
    const text = having(
      `{ alertmanager: ${alertmanager}, kubeStateMetrics: { namespace: obs, name: ksm, port: http } }`,
      but(quiet, 'replicas: 3', 'replicas: 1'),
    );
    expect(parse(text)).toMatchObject({ kubernetes: { existing: { alertmanager: { service: 'alerts' } } } });
  });

  it.each<[string, string, key: string, said: string]>([
    [
      'an operator beside the one of a Prometheus that is there',
      having(`{ prometheus: ${prometheus}, alertmanager: ${alertmanager} }`, quiet),
      'operator: install',
      'kubernetes.operator: given "install"; allowed: existing',
    ],
    [
      'a Prometheus without the Alertmanager that it tells',
      having(`{ prometheus: ${prometheus} }`),
      'existing:',
      'allowed: a Prometheus together with the Alertmanager that it tells',
    ],
    [
      'a page by an Alertmanager of others',
      having(`{ alertmanager: ${alertmanager} }`),
      'paging',
      'paging: given "pagerduty"; allowed: none',
    ],
    [
      'a password that is sent in the open',
      having('{ loki: { url: "http://logs.example.com", tenant: a, user: b } }'),
      'existing:',
      'kubernetes.existing.loki.url: given "http://logs.example.com"; allowed: an https address',
    ],
    [
      'a password in a ConfigMap',
      having(
        `{ loki: { url: "https://logs.example.com", tenant: a, user: b }, grafana: ${grafana.replace(' }', ', datasourceLabel: ds }')} }`,
      ),
      'existing:',
      'a ConfigMap must not hold the password of Loki',
    ],
    [
      'a database for a Grafana of others',
      having(`{ grafana: ${grafana} }`),
      'database:',
      'kubernetes.grafana.database: given "a database"; allowed: nothing',
    ],
    [
      'replicas of an Alertmanager of others',
      having(`{ alertmanager: ${alertmanager} }`, quiet),
      'replicas: 3',
      'kubernetes.alertmanager.replicas: given 3; allowed: 1, which is of no account',
    ],
    [
      'a remote write of a Prometheus of others',
      having(`{ prometheus: ${prometheus}, alertmanager: ${alertmanager} }`),
      'remoteWrite:',
      'prometheus.remoteWrite: given "https://metrics.example.com/api/v1/push"; allowed: nothing',
    ],
    [
      'a mode for a Loki of others',
      having('{ loki: { url: "https://logs.example.com", tenant: a } }'),
      'mode: distributed',
      'loki.mode: given "distributed"; allowed: nothing',
    ],
    [
      'a bucket for a Loki of others',
      having('{ loki: { url: "https://logs.example.com", tenant: a } }'),
      'storage:',
      'loki.storage: given "a bucket"; allowed: nothing',
    ],
    [
      'an address with a password',
      having('{ loki: { url: "https://a:b@logs.example.com", tenant: a } }'),
      'existing:',
      'and without a password',
    ],
    [
      'no labels to be found by',
      having(`{ prometheus: ${prometheus.replace('{ release: stack }', '{}')} }`),
      'existing:',
      'allowed: labels such as release: kube-prometheus-stack',
    ],
    [
      'a piece that is none',
      having('{ thanos: {} }'),
      'existing:',
      'kubernetes.existing.thanos: there is no such key',
    ],
  ])('with %s are refused', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });
});
