import type { ClusterContext, System } from './context.ts';
import { isOurs } from './existing.ts';
import type { ClusterSecretName } from './secrets.ts';
import { nodeExporter, promtail } from './systems/agents.ts';
import { alertmanager } from './systems/alertmanager.ts';
import { blackbox } from './systems/blackbox.ts';
import { cluster } from './systems/cluster.ts';
import { grafana } from './systems/grafana.ts';
import { ingress } from './systems/ingress.ts';
import { jaeger } from './systems/jaeger.ts';
import { kafka } from './systems/kafka.ts';
import { kubeStateMetrics } from './systems/kube-state-metrics.ts';
import { logPipeline } from './systems/log-pipeline.ts';
import { loki } from './systems/loki.ts';
import { monitors } from './systems/monitors.ts';
import { network } from './systems/network.ts';
import { operator } from './systems/operator.ts';
import { prometheus } from './systems/prometheus.ts';
import { services } from './systems/services.ts';

/** The system, but nothing of it where the cluster has one already. */
const unlessExisting =
  (system: (context: ClusterContext) => System) =>
  (context: ClusterContext): System => {
    const made = system(context);
    return isOurs(context, made.name) ? made : { ...made, objects: [] };
  };

/** Everything that an environment has in its cluster, as plain data; the first comes before all others. */
export const clusterSystems = (context: ClusterContext): readonly System[] =>
  [
    cluster,
    network,
    operator,
    unlessExisting(alertmanager),
    prometheus,
    monitors,
    unlessExisting(loki),
    promtail,
    unlessExisting(nodeExporter),
    unlessExisting(kubeStateMetrics),
    blackbox,
    jaeger,
    grafana,
    kafka,
    services,
    logPipeline,
    ingress,
  ]
    .map((system) => system(context))
    .filter(({ objects }) => objects.length > 0);

/** Every secret that an object refers to. */
export const secretsOf = (systems: readonly System[]): ReadonlySet<ClusterSecretName> =>
  new Set(
    systems
      .flatMap(({ objects }) => objects)
      .flatMap((object) => (object.kind === 'Secret' ? Object.values(object.stringData) : []))
      .flatMap((value) => (typeof value === 'string' ? [] : [value.secretRef])),
  );
