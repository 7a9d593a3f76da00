import { type RelabelRule, targetRelabelling } from '../../telemetry/contract/relabelling.ts';

/** How an agent reads the logs of pods and sends them on, whichever agent it is. */

/** Labels of a pod's stream, and the files that it is read from: as the kubelet lays them out below `podsDir`. */
export const podLogRelabelling = (
  where: Parameters<typeof targetRelabelling>[0],
  podsDir: string,
): readonly RelabelRule[] => [
  ...targetRelabelling(where),
  {
    source_labels: ['__meta_kubernetes_namespace', '__meta_kubernetes_pod_name', '__meta_kubernetes_pod_uid'],
    separator: '_',
    regex: '(.+)',
    target_label: '__pod_directory__',
    replacement: '$1',
  },
  {
    source_labels: ['__pod_directory__', '__meta_kubernetes_pod_container_name'],
    separator: '/',
    regex: '(.+)',
    target_label: '__path__',
    replacement: `${podsDir}/$1/*.log`,
  },
];

/** Of the file that a line was read from, not of what wrote it. */
export const droppedLabels = ['filename', 'stream'] as const;

export const pushing = {
  // A line is to be found within seconds; the size bound still makes large batches under load.
  batchWait: '500ms',
  batchBytes: 1024 * 1024,
  timeout: '10s',
  minBackoff: '500ms',
  maxBackoff: '15s',
  // 0: for ever. An outage must not turn into lost lines; what Loki refuses for its content is not retried.
  retries: 0,
} as const;
