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
      but(prod, '  size: large', '  sise: large'),
      'sise',
      'there is no such key; nearest: size',
    ],
    [
      'an unknown size',
      but(prod, 'size: large', 'size: huge'),
      'size',
      'given "huge"; allowed: one of small',
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
