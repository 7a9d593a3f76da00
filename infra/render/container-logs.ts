import { type RelabelRule, targetRelabelling } from '../../telemetry/contract/relabelling.ts';

/** What a container carries so that it is known whose it is: what Kubernetes says of a pod. */
export const containerLabels = {
  stack: 'sightline.stack',
  namespace: 'sightline.namespace',
  service: 'sightline.service',
} as const;

const dockerLabel = (name: string): string =>
  `__meta_docker_container_label_${name.replaceAll(/[^A-Za-z0-9]/g, '_')}`;

/** What Docker says of a container, as Kubernetes would say it of a pod; then the rules of every target. */
const containerLogRelabelling = (where: Parameters<typeof targetRelabelling>[0]): readonly RelabelRule[] => [
  { source_labels: [dockerLabel(containerLabels.namespace)], target_label: '__meta_kubernetes_namespace' },
  {
    source_labels: [dockerLabel(containerLabels.service)],
    target_label: '__meta_kubernetes_pod_label_app_kubernetes_io_name',
  },
  {
    source_labels: [dockerLabel(containerLabels.service)],
    target_label: '__meta_kubernetes_pod_container_name',
  },
  {
    source_labels: ['__meta_docker_container_name'],
    regex: '/(.+)',
    target_label: '__meta_kubernetes_pod_name',
    replacement: '$1',
  },
  ...targetRelabelling(where),
];

/** Finds the containers of a stack, and reads what they write, by Docker's API. */
export const dockerDiscovery = (
  where: Parameters<typeof targetRelabelling>[0],
  { socket, stack }: { readonly socket: string; readonly stack: string },
) => ({
  job_name: 'containers',
  docker_sd_configs: [
    {
      host: `unix://${socket}`,
      refresh_interval: '5s',
      filters: [{ name: 'label', values: [`${containerLabels.stack}=${stack}`] }],
    },
  ],
  relabel_configs: containerLogRelabelling(where),
});
