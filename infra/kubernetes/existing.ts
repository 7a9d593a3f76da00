import { platformTenant } from '../../telemetry/contract/services.ts';
import { componentUrls } from '../render/component-urls.ts';
import type { GrafanaSources, LokiAccess } from '../render/grafana/datasources.ts';
import type { ClusterContext } from './context.ts';
import type { KubernetesObject } from './object.ts';

/** Pieces that are made here unless the cluster has them. */
const pieces = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  loki: 'loki',
  grafana: 'grafana',
  'kube-state-metrics': 'kubeStateMetrics',
  'node-exporter': 'nodeExporter',
} as const;

const isPiece = (name: string): name is keyof typeof pieces => Object.hasOwn(pieces, name);

/** Whether the part is made here: everything but what the cluster has already. */
export const isOurs = ({ kubernetes }: ClusterContext, name: string): boolean =>
  !isPiece(name) || kubernetes.existing?.[pieces[name]] === undefined;

/** Where Grafana asks. */
export function sourcesOf({ environment, kubernetes }: ClusterContext): GrafanaSources {
  const { prometheus, alertmanager, loki } = kubernetes.existing ?? {};
  return {
    ...componentUrls(environment),
    ...(prometheus && { prometheus: prometheus.url }),
    ...(alertmanager && {
      alertmanager: `http://${alertmanager.service}.${alertmanager.namespace}.svc:${alertmanager.port}`,
    }),
    ...(loki && { loki: loki.url }),
  };
}

/** Who writes lines to Loki and reads them. @param passwordFile where the password is, if there is one */
export function lokiAccess({ kubernetes }: ClusterContext, passwordFile: string): LokiAccess {
  const { tenant = platformTenant, user } = kubernetes.existing?.loki ?? {};
  return { tenant, ...(user !== undefined && { basicAuth: { user, passwordFile } }) };
}

/** Whether Loki asks for a password. */
export const lokiHasPassword = ({ kubernetes }: ClusterContext): boolean =>
  kubernetes.existing?.loki?.user !== undefined;

/** What a Prometheus of others finds our rules and monitors by, beside our own labels. */
export function found<T extends KubernetesObject>(
  context: ClusterContext,
  objects: readonly T[],
): readonly T[] {
  const labels = context.kubernetes.existing?.prometheus?.labels;
  if (!labels) return objects;
  return objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
  }));
}
