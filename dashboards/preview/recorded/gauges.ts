import type { Labels } from './series.ts';

/** What a series is like at one moment. */
export interface Moment {
  readonly labels: Labels;
  /** Epoch seconds. */
  readonly second: number;
  /** 0 to 1, smooth, the series' own. */
  readonly noise: number;
  /** 0 when all is well, 1 when its service has trouble. */
  readonly trouble: number;
}

type Level = (moment: Moment) => number;

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
/** When all processes began, in epoch seconds: 12 January 2026, 06:00 UTC. */
const startedAt = 1_768_197_600;

const always =
  (value: number): Level =>
  () =>
    value;
const whole =
  (base: number, more: number, inTrouble = 0): Level =>
  ({ noise, trouble }) =>
    Math.round(base + more * noise + inTrouble * trouble);
/** Reasons are only there for the pod that has one. */
const onlyPod =
  (pod: string, value: number): Level =>
  ({ labels }) =>
    labels.pod === pod ? value : Number.NaN;
const oneWhen =
  (label: string, value: string): Level =>
  ({ labels }) =>
    Number(labels[label] === value);

/** The first pattern that a name matches says how large it is. */
const levels: readonly (readonly [name: RegExp, level: Level])[] = [
  [/^up$|_info$|reload_successful$/, always(1)],
  [/^health_check_status$/, ({ labels, trouble }) => Number(!(labels.check === 'database' && trouble > 0.7))],
  [/start_time_seconds$/, ({ labels }) => startedAt + (labels.instance?.length ?? 0) * 3571],
  [/last_successful_run_timestamp_seconds$/, ({ second }) => second - (second % 600) - 60],
  [/resident_memory_bytes$|heap_size/, ({ noise }) => (70 + 110 * noise) * mebibyte],
  [/eventloop_lag/, ({ noise, trouble }) => 0.008 + 0.015 * noise + 0.22 * trouble],
  [/^event_consumer_lag$/, whole(0, 5, 40)],
  [/^kafka_consumergroup_lag$/, whole(10, 120)],
  [/^kafka_consumergroup_current_offset$/, ({ second, noise }) => (second - startedAt) * 4 + 60 * noise],
  [/^kafka_brokers$|cluster_members$|alertmanagers_discovered$/, always(3)],
  [/under_replicated|number_unavailable|^kube_job_failed$/, oneWhen('topic', 'none')],
  [
    /dead_letters$/,
    ({ labels }) => (labels.service === 'notification' && labels.topic === 'task-events' ? 2 : 0),
  ],
  [/active_requests$/, whole(0, 6, 30)],
  [/^websocket_connections$/, whole(34, 16)],
  [/_pending$/, whole(110, 40)],
  [/^kube_deployment_status_replicas_available$/, ({ labels }) => (labels.deployment === 'sync' ? 2 : 3)],
  [/replicas/, always(3)],
  [/^kube_pod_status_phase$/, oneWhen('phase', 'Running')],
  [
    /^kube_pod_status_ready$/,
    ({ labels }) => Number(labels.condition === (labels.pod === 'sync-0' ? 'false' : 'true')),
  ],
  [/waiting_reason$/, onlyPod('sync-0', 1)],
  [/terminated_reason$/, onlyPod('sync-0', 1)],
  [
    /^kube_node_status_condition$/,
    ({ labels }) => {
      const isSo =
        labels.condition === 'Ready' || (labels.condition === 'DiskPressure' && labels.node === 'node-2');
      return Number(labels.status === String(isSo));
    },
  ],
  [
    /^kubelet_volume_stats_available_bytes$/,
    ({ noise, labels }) => (freeShare(labels) + 0.04 * noise) * 10 * gibibyte,
  ],
  [/^kubelet_volume_stats_capacity_bytes$/, always(10 * gibibyte)],
  [/inodes_free$|files_free$/, ({ noise }) => (0.7 + 0.1 * noise) * 1e6],
  [/inodes$|_files$/, always(1e6)],
  [/MemTotal_bytes$/, always(16 * gibibyte)],
  [/MemAvailable_bytes$/, ({ noise }) => (4 + 4 * noise) * gibibyte],
  [/processes_pids$/, whole(280, 60)],
  [/filesystem_size_bytes$/, always(100 * gibibyte)],
  [/filesystem_avail_bytes$/, ({ noise }) => (38 + 2 * noise) * gibibyte],
  [/file_bytes_total$/, ({ second }) => (second - startedAt) * 1800],
  [/read_bytes_total$/, ({ second, noise }) => (second - startedAt) * 1800 - 4000 * noise],
];

/** One volume is nearly full, so that its limit is seen. */
const freeShare = ({ persistentvolumeclaim }: Labels): number =>
  persistentvolumeclaim === 'loki-data' ? 0.12 : 0.5;

const anything = whole(2, 9);

export const gaugeLevel = (name: string): Level =>
  levels.find(([pattern]) => pattern.test(name))?.[1] ?? anything;
