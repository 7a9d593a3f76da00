import { constant, counting, observed, proofOf, restarting, type Scenario } from './scenario.ts';

const namespace = 'tasks';
const pod = { namespace, pod: 'audit-0' } as const;
const container = { ...pod, container: 'audit' } as const;
const uid = 'u';
const is = (value: string) => ({ operator: '=', value }) as const;

const waits = (reason: string, values: string) =>
  observed('kube_pod_container_status_waiting_reason', { ...container, uid, reason: is(reason) }, values);
const restarts = (values: string) =>
  observed('kube_pod_container_status_restarts_total', { ...container, uid }, values);
const ended = (reason: string) =>
  observed(
    'kube_pod_container_status_last_terminated_reason',
    { ...container, uid, reason: is(reason) },
    constant(1),
  );
const periods = (throttled: number, all: number, values = counting) => [
  observed('container_cpu_cfs_throttled_periods_total', { ...container, id: '/a' }, values(throttled)),
  observed('container_cpu_cfs_periods_total', { ...container, id: '/a' }, values(all)),
];
const ready = (condition: string, value: number) =>
  observed('kube_pod_status_ready', { ...pod, uid, condition }, constant(value));
const phase = (name: string, value: number) =>
  observed('kube_pod_status_phase', { ...pod, uid, phase: name }, constant(value));
const claim = { namespace, persistentvolumeclaim: 'loki-data' } as const;
const volume = (availablePercent: number) => [
  observed('kubelet_volume_stats_available_bytes', claim, constant(availablePercent)),
  observed('kubelet_volume_stats_capacity_bytes', claim, constant(100)),
];
const inodes = (free: number) => [
  observed('kubelet_volume_stats_inodes_free', claim, constant(free)),
  observed('kubelet_volume_stats_inodes', claim, constant(1000)),
];
const job = (condition: string, value: number) =>
  observed('kube_job_failed', { namespace, job_name: 'backup', condition }, constant(value));
const node = (condition: string, status: string, value: number) =>
  observed('kube_node_status_condition', { node: 'n1', condition, status }, constant(value));
const replicas = {
  deployment: (wanted: string, available: string) => [
    observed('kube_deployment_spec_replicas', { namespace, deployment: 'sync' }, wanted),
    observed('kube_deployment_status_replicas_available', { namespace, deployment: 'sync' }, available),
  ],
  statefulset: (wanted: string, available: string) => [
    observed('kube_statefulset_replicas', { namespace, statefulset: 'loki' }, wanted),
    observed('kube_statefulset_status_replicas_ready', { namespace, statefulset: 'loki' }, available),
  ],
} as const;
const unavailable = (values: string) =>
  observed('kube_daemonset_status_number_unavailable', { namespace, daemonset: 'promtail' }, values);

export const kubernetesScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'KubernetesPodCrashLooping',
    about: container,
    above: [
      'it waits between attempts that last a minute',
      [waits('CrashLoopBackOff', '1x3 _x4 '.repeat(20))],
    ],
    early: '4m',
    quiet: [
      ['it waits for another reason', [waits('ContainerCreating', constant(1))]],
      ['it waits for none', [waits('CrashLoopBackOff', constant(0))]],
    ],
  }),
  ...proofOf({
    family: 'KubernetesContainerWaiting',
    about: { ...container, reason: 'ImagePullBackOff' },
    above: ['its image cannot be pulled', [waits('ImagePullBackOff', constant(1))]],
    early: '9m',
    quiet: [
      ['it is being created', [waits('ContainerCreating', constant(1))]],
      ['it waits for none', [waits('ImagePullBackOff', constant(0))]],
    ],
  }),
  ...proofOf({
    family: 'KubernetesOomKilled',
    about: container,
    above: ['it was killed and restarted a few minutes ago', [restarts('0x50 1x190'), ended('OOMKilled')]],
    quiet: [
      ['it was killed long ago', [restarts(constant(3)), ended('OOMKilled')]],
      ['it restarted for another reason', [restarts('0x50 1x190'), ended('Error')]],
      ['the pod is new and counts from nought', [restarts('3x60 0x180'), ended('OOMKilled')]],
    ],
  }),
  ...proofOf({
    family: 'KubernetesCpuThrottling',
    about: container,
    above: ['two periods in five are throttled', periods(60, 150)],
    early: '14m',
    quiet: [
      ['exactly a quarter is', periods(40, 160)],
      ['a fifth is and the container restarts', periods(30, 150, restarting)],
    ],
  }),
  ...proofOf({
    family: 'KubernetesPodNotReady',
    about: pod,
    above: [
      'it runs and is not ready',
      [ready('false', 1), ready('true', 0), phase('Running', 1), phase('Succeeded', 0)],
    ],
    early: '14m',
    quiet: [
      ['it has done its work', [ready('false', 1), phase('Succeeded', 1)]],
      ['it is ready', [ready('false', 0), ready('true', 1), phase('Running', 1), phase('Succeeded', 0)]],
    ],
  }),
  ...proofOf({
    family: 'KubernetesDeploymentShort',
    about: { namespace, deployment: 'sync' },
    above: ['one replica of two serves', replicas.deployment(constant(2), constant(1))],
    early: '14m',
    quiet: [
      ['exactly as many as asked for do', replicas.deployment(constant(2), constant(2))],
      ['it is being made smaller', replicas.deployment(constant(1), constant(2))],
    ],
  }),
  ...proofOf({
    family: 'KubernetesStatefulSetShort',
    about: { namespace, statefulset: 'loki' },
    above: ['two replicas of three are ready', replicas.statefulset(constant(3), constant(2))],
    early: '14m',
    quiet: [
      ['exactly as many as asked for are', replicas.statefulset(constant(3), constant(3))],
      ['it is being made smaller', replicas.statefulset(constant(1), constant(2))],
    ],
  }),
  ...proofOf({
    family: 'KubernetesDaemonSetShort',
    about: { namespace, daemonset: 'promtail' },
    above: ['it is missing on one node', [unavailable(constant(1))]],
    early: '14m',
    quiet: [['it is everywhere', [unavailable(constant(0))]]],
  }),
  ...proofOf({
    family: 'KubernetesVolumeFilling',
    about: claim,
    above: ['a tenth is left', volume(10)],
    early: '9m',
    quiet: [['exactly the threshold is left', volume(15)]],
  }),
  ...proofOf({
    family: 'KubernetesVolumeFilling',
    about: claim,
    above: ['exactly the threshold of the page is left', volume(3)],
    quiet: [],
  }),
  {
    family: 'KubernetesVolumeFilling',
    given: 'two percent are left',
    samples: volume(2),
    at: '20m',
    firing: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      cluster: 'local',
      environment: 'local',
      ...claim,
    })),
  },
  ...proofOf({
    family: 'KubernetesVolumeFilling',
    severity: 'critical',
    about: claim,
    above: ['two percent are left, since a few minutes', volume(2)],
    early: '1m',
    at: '4m',
    quiet: [],
  }),
  ...proofOf({
    family: 'KubernetesVolumeInodesLow',
    about: claim,
    above: ['seven in a hundred are free', inodes(70)],
    early: '9m',
    quiet: [['exactly a tenth is free', inodes(100)]],
  }),
  ...proofOf({
    family: 'KubernetesJobFailed',
    about: { namespace, job_name: 'backup' },
    above: ['it used up its retries', [job('true', 1), job('false', 0)]],
    early: '45s',
    quiet: [['it did not fail', [job('true', 0), job('false', 1)]]],
  }),
  ...proofOf({
    family: 'KubernetesNodeNotReady',
    about: { node: 'n1' },
    above: ['its kubelet does not answer', [node('Ready', 'true', 0), node('Ready', 'unknown', 1)]],
    early: '4m',
    quiet: [
      ['it is ready', [node('Ready', 'true', 1), node('Ready', 'false', 0), node('DiskPressure', 'true', 0)]],
      ['its readiness is not told, and it is under no pressure', [node('DiskPressure', 'true', 0)]],
    ],
  }),
  ...proofOf({
    family: 'KubernetesNodePressure',
    about: { node: 'n1', condition: 'DiskPressure' },
    above: ['its disk is nearly full', [node('DiskPressure', 'true', 1), node('MemoryPressure', 'true', 0)]],
    early: '4m',
    quiet: [
      [
        'it is ready and under no pressure',
        [node('Ready', 'true', 1), node('DiskPressure', 'true', 0), node('DiskPressure', 'false', 1)],
      ],
    ],
  }),
];
