import { describe, it } from 'vitest';
import { but, expectRefusal, local, prod } from './testing.ts';

describe('what an environment says of its cluster', () => {
  it.each<[string, string, key: string, said: string]>([
    [
      'no cluster',
      prod.replace(/^kubernetes:\n( .*\n|\n(?= ))+/m, ''),
      '# Production',
      'kubernetes: it is missing',
    ],
    [
      'a cluster where there is none',
      but(local, 'thresholds: {}', `${/^kubernetes:\n( .*\n|\n(?= ))+/m.exec(prod)?.[0]}\nthresholds: {}`),
      'kubernetes',
      'no such key in local',
    ],
    [
      'an unknown key',
      but(prod, '    series: 500000', '    serie: 500000'),
      'serie:',
      'kubernetes.load.serie: there is no such key; nearest: series',
    ],
    [
      'logs of a day without a unit',
      but(prod, 'logsPerDay: 20GB', 'logsPerDay: 20'),
      'logsPerDay',
      'given 20; allowed: a size such as 500MB or 20GB',
    ],
    [
      'logs of a day in a unit of volumes',
      but(prod, 'logsPerDay: 20GB', 'logsPerDay: 20Gi'),
      'logsPerDay',
      'given "20Gi"; allowed: a size such as 500MB or 20GB',
    ],
    [
      'more logs than one Loki can ever take',
      but(prod, 'logsPerDay: 20GB', 'logsPerDay: 20TB'),
      'logsPerDay',
      'given "20TB"; allowed: a size such as 500MB or 20GB, at most 1TB',
    ],
    [
      'no series',
      but(prod, 'series: 500000', 'series: 0'),
      'series: 0',
      'given 0; allowed: a whole number from 1000 to 10000000',
    ],
    [
      'a disk that samples do not fit on',
      but(prod, 'retentionSize: 200GB', 'retentionSize: 100GB'),
      'retentionSize',
      'prometheus.retentionSize: given "100GB"; allowed: at least 173GB for 500000 series kept 30d',
    ],
    [
      'a volume that log lines do not fit on',
      but(prod, 'volume: 500Gi', 'volume: 50Gi'),
      'volume',
      'kubernetes.loki.volume: given "50Gi"; allowed: at least 181Gi for 20GB of lines a day kept 30d',
    ],
    [
      'half a replica',
      but(prod, 'replicas: 3', 'replicas: 1.5'),
      'replicas: 1.5',
      'given 1.5; allowed: a whole number from 1 to 5',
    ],
    [
      'too many replicas',
      but(prod, 'replicas: 3', 'replicas: 9'),
      'replicas: 9',
      'given 9; allowed: a whole number from 1 to 5',
    ],
    [
      'a volume without a unit',
      but(prod, '500Gi', '500'),
      'volume',
      'given 500; allowed: a size such as 10Gi',
    ],
    [
      'two Grafanas with a file each',
      prod
        .replace(/ {4}# Two instances[\s\S]*?user: grafana\n/, '')
        .replace('grafana:\n    replicas: 2', 'grafana:\n    replicas: 4'),
      'replicas: 4',
      'kubernetes.grafana.replicas: given 4; allowed: 1, or more with kubernetes.grafana.database',
    ],
    [
      'fewer Grafanas at most than at least',
      but(prod, 'maxReplicas: 5', 'maxReplicas: 2'),
      'maxReplicas: 2',
      'kubernetes.grafana.maxReplicas: given 2; allowed: more than kubernetes.grafana.replicas',
    ],
    [
      'ever more Grafanas with a file each',
      prod
        .replace(/ {4}# Two instances[\s\S]*?user: grafana\n/, '')
        .replace('grafana:\n    replicas: 2', 'grafana:\n    replicas: 1'),
      'maxReplicas: 5',
      'and only with kubernetes.grafana.database',
    ],
    [
      'an authority that is none',
      but(prod, '      user: grafana\n', '      user: grafana\n      ca: my-ca\n'),
      'ca: ',
      'given "my-ca"; allowed: certificates of authorities in PEM, no keys',
    ],
    [
      'a key in place of an authority',
      but(
        prod,
        '      user: grafana\n',
        `      user: grafana\n      ca: ${JSON.stringify('-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----')}\n`,
      ),
      'ca: ',
      'allowed: certificates of authorities in PEM, no keys',
    ],
    [
      'half a TLS to Redis',
      but(prod, 'eventBusTls: true', 'eventBusTls: maybe'),
      'eventBusTls',
      'kubernetes.services.eventBusTls: given "maybe"; allowed: true or false',
    ],
    [
      'an operator that is neither',
      but(prod, 'operator: install', 'operator: mine'),
      'operator',
      'given "mine"; allowed: one of install, existing',
    ],
    [
      'an image without a tag',
      but(prod, 'services:0.1.0', 'services'),
      'image',
      'allowed: an image with its tag, which is not latest',
    ],
    ['the latest image', but(prod, ':0.1.0', ':latest'), 'image', 'which is not latest'],
    ['an address without a port', but(prod, ':6379', ''), 'eventBus', 'allowed: host:port'],
    ['a port that is none', but(prod, ':6379', ':99999'), 'eventBus', 'allowed: host:port'],
    [
      'a host that is none',
      but(prod, 'tasks.prod.example.com', 'tasks'),
      'backendHost',
      'allowed: a host name',
    ],
    [
      'a class that is none',
      but(prod, 'class: nginx', 'class: Nginx!'),
      'class',
      'allowed: a name of Kubernetes',
    ],
  ])('with %s is refused', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });
});
