/**
 * How a scraped target or a log file gets its target labels. Prometheus and Promtail use the same rules in
 * every target: on Kubernetes service discovery supplies the `__meta_` labels, elsewhere the renderer writes
 * them down, so that what runs on a laptop is labelled by the very rules that label production.
 */
export interface RelabelRule {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label: string;
  readonly replacement?: string;
}

const appName = '__meta_kubernetes_pod_label_app_kubernetes_io_name';

export function targetRelabelling(where: {
  readonly cluster: string;
  readonly environment: string;
}): readonly RelabelRule[] {
  return [
    { target_label: 'cluster', replacement: where.cluster },
    { target_label: 'environment', replacement: where.environment },
    { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
    { source_labels: ['__meta_kubernetes_pod_container_name'], target_label: 'container' },
    { source_labels: [appName], target_label: 'service' },
  ];
}

/** Where a process runs, in Kubernetes' terms; locally every process is given such a place. */
export interface Placement {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly service: string;
}

/** What Kubernetes service discovery would say of a placement. */
export function discoveredLabels(placement: Placement): Readonly<Record<string, string>> {
  return {
    __meta_kubernetes_namespace: placement.namespace,
    __meta_kubernetes_pod_container_name: placement.container,
    [appName]: placement.service,
    __meta_kubernetes_pod_name: placement.pod,
    __meta_kubernetes_pod_uid: placement.uid,
  };
}
