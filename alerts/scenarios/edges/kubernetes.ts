import { observed, type Samples, type Scenario } from '../scenario.ts';
import { type Pace, paced, plus } from './counter.ts';
import { looked } from './looks.ts';
import { seenWithin } from './seen-within.ts';
import { shareEdges } from './share-edges.ts';

const container = { namespace: 'tasks', pod: 'audit-0', container: 'audit' } as const;
const firing = { severity: 'warning', cluster: 'local', environment: 'local', ...container } as const;
const uid = 'u';
const crashed = { operator: '=', value: 'CrashLoopBackOff' } as const;

const periods = (throttled: Pace, free: Pace): Samples => [
  observed('container_cpu_cfs_throttled_periods_total', { ...container, id: '/a' }, paced(throttled)),
  observed('container_cpu_cfs_periods_total', { ...container, id: '/a' }, paced(plus(throttled, free))),
];

export const kubernetesEdges: readonly Scenario[] = [
  ...seenWithin({
    family: 'KubernetesPodCrashLooping',
    firing,
    holds: 300,
    samples: (values) => [
      observed('kube_pod_container_status_waiting_reason', { ...container, uid, reason: crashed }, values),
    ],
    value: 1,
    window: 300,
  }),
  looked(
    { family: 'KubernetesOomKilled', firing, holds: 0 },
    'it was killed and restarted a quarter of an hour ago',
    [
      observed('kube_pod_container_status_restarts_total', { ...container, uid }, '0x20 1x200'),
      observed(
        'kube_pod_container_status_last_terminated_reason',
        { ...container, uid, reason: { operator: '=', value: 'OOMKilled' } },
        '1x200',
      ),
    ],
    1200,
    false,
  ),
  ...shareEdges({
    family: 'KubernetesCpuThrottling',
    firing,
    samples: periods,
    above: { part: 1, whole: 4 },
    window: 300,
    holds: 900,
  }),
];
