import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEnvironment } from '../config.ts';
import { but, expectRefusal, failure, parse, prod } from './testing.ts';

const dev = readFileSync(new URL('../environments/dev.yaml', import.meta.url), 'utf8');

describe('what somebody writes who does it for the first time', () => {
  it.each<[string, string, key: string, said: string]>([
    [
      'a unit of volumes for samples',
      but(dev, 'retentionSize: 8GB', 'retentionSize: 8Gi'),
      'retentionSize',
      'given "8Gi"; allowed: a size such as 512MB or 2GB',
    ],
    [
      'a unit of samples for a volume',
      but(dev, 'volume: 10Gi', 'volume: 10GB'),
      'volume',
      'given "10GB"; allowed: a size such as 10Gi',
    ],
    [
      'days in words',
      but(dev, 'retentionTime: 15d', 'retentionTime: 15 days'),
      'retentionTime',
      'given "15 days"; allowed: a Prometheus duration',
    ],
    [
      'days without a unit',
      but(dev, 'retention: 7d', 'retention: 7'),
      'retention:',
      'loki.retention: given 7; allowed: a Prometheus duration such as 7d',
    ],
    [
      'negative replicas',
      but(prod, 'replicas: 3', 'replicas: -1'),
      'replicas: -1',
      'given -1; allowed: a whole number from 1 to 5',
    ],
    [
      'replicas as a text',
      but(prod, 'replicas: 3', 'replicas: "3"'),
      'replicas: "3"',
      'given "3"; allowed: a whole number from 1 to 5',
    ],
    [
      'no Prometheus at all',
      but(prod, 'replicas: 2\n  alertmanager', 'replicas: 0\n  alertmanager'),
      'replicas: 0',
      'given 0; allowed: a whole number from 1 to 2',
    ],
    [
      'metrics that are gone before the SLO is counted',
      but(prod, 'retentionTime: 30d', 'retentionTime: 15d'),
      'window',
      'given "28d"; allowed: at least 2d shorter than prometheus.retentionTime, which is 15d',
    ],
    [
      'more series on the same disk',
      but(dev, 'series: 40000', 'series: 400000'),
      'retentionSize',
      'given "8GB"; allowed: at least 70GB for 400000 series kept 15d',
    ],
    [
      'longer logs on the same volume',
      but(dev, 'retention: 7d', 'retention: 90d'),
      'volume',
      'given "10Gi"; allowed: at least 53Gi for 2GB of lines a day kept 90d',
    ],
    [
      'an environment of another name',
      but(prod, 'environment: prod', 'environment: production'),
      'environment',
      'given "production"; allowed: one of local, docker, dev, staging, prod',
    ],
    [
      'a password beside its user',
      but(prod, '      user: grafana\n', '      user: grafana\n      password: hush\n'),
      'password',
      'kubernetes.grafana.database.password: there is no such key',
    ],
    [
      'a webhook among the addresses',
      but(dev, 'urls:\n', 'urls:\n  slack: https://hooks.slack.com/services/hush\n'),
      'slack',
      'urls.slack: there is no such key',
    ],
    [
      'an address without its scheme',
      but(dev, 'dashboards: https://', 'dashboards: '),
      'dashboards',
      'allowed: an http or https address',
    ],
    [
      'a scheme where a host is asked for',
      but(dev, 'backendHost: ', 'backendHost: https://'),
      'backendHost',
      'given "https://tasks.dev.example.com"; allowed: a host name',
    ],
    [
      'a scheme where host and port are asked for',
      but(dev, 'eventBus: ', 'eventBus: redis://'),
      'eventBus',
      'given "redis://dapr-dev-redis-master.default:6379"; allowed: host:port',
    ],
    [
      'a name in capitals',
      but(prod, 'paging: pagerduty', 'paging: PagerDuty'),
      'paging',
      'given "PagerDuty"; allowed: none; inbox in local; pagerduty in prod',
    ],
    [
      'a page from a development cluster',
      but(dev, 'paging: none', 'paging: pagerduty'),
      'paging',
      'allowed: none: only prod pages a person',
    ],
    [
      'an answer that YAML reads as another type',
      but(dev, 'operator: install', 'operator: yes'),
      'operator',
      'given "yes"; allowed: one of install, existing',
    ],
    [
      'a group that was emptied',
      dev.replace(/ {2}ingress:\n( {4}.*\n)+/, '  ingress:\n'),
      'ingress',
      'kubernetes.ingress: given null; allowed: the keys class, namespace',
    ],
    [
      'a key at the wrong depth',
      but(dev, 'kubernetes:\n', 'replicas: 2\nkubernetes:\n'),
      'replicas: 2',
      'replicas: there is no such key here; it belongs below kubernetes.prometheus or kubernetes.alertmanager',
    ],
  ])('%s is refused', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });

  it.each([
    ['a tab', but(dev, '  replicas: 1', '\treplicas: 1')],
    ['the same key twice', but(dev, 'cluster: dev', 'cluster: dev\ncluster: other')],
    ['a colon in a text', but(dev, 'image: ', 'image: a: ')],
  ])('%s is no YAML, and its line is said', (_, text) => {
    expect(failure(() => parse(text))).toMatch(/SL1102 not valid YAML: .* \(my\.yaml:\d+\)/);
  });

  it('a value that may be a secret is not said', () => {
    const withPassword = but(prod, '      user: grafana\n', '      user: grafana\n      password: hush\n');
    expect(failure(() => parse(withPassword))).not.toContain('hush');
  });

  it('disks are of no account where the cluster has the piece already', () => {
    const loki = '  existing: { loki: { url: "https://logs.example.com", tenant: a } }';
    const text = but(
      but(dev, 'retention: 7d', 'retention: 90d'),
      '  operator: install',
      `  operator: install\n${loki}`,
    );
    expect(parse(text)).toMatchObject({ loki: { retention: '90d' } });
  });

  it('the files of the repository are not among them', () => {
    for (const text of [dev, prod]) expect(parseEnvironment(text, 'my.yaml', '2026-11-21')).toBeDefined();
  });
});
