import { readPinned, withDigest } from '../registry/pinned.ts';
import { productVersions } from '../versions.ts';

const {
  alloy,
  prometheus,
  alertmanager,
  loki,
  memcached,
  grafana,
  kafka,
  blackbox_exporter,
  jaeger,
  kube_state_metrics,
  node_exporter,
  prometheus_operator,
} = productVersions;

/** Every image of the stack's own, each at the version that the same tool has on a laptop. */
const tagged = {
  prometheus: `quay.io/prometheus/prometheus:v${prometheus.version}`,
  alertmanager: `quay.io/prometheus/alertmanager:v${alertmanager.version}`,
  loki: `docker.io/grafana/loki:${loki.version}`,
  memcached: `docker.io/library/memcached:${memcached.version}`,
  promtail: `docker.io/grafana/promtail:${loki.version}`,
  alloy: `docker.io/grafana/alloy:v${alloy.version}`,
  grafana: `docker.io/grafana/grafana:${grafana.version}`,
  kafka: `docker.io/apache/kafka:${kafka.version}`,
  'blackbox-exporter': `quay.io/prometheus/blackbox-exporter:v${blackbox_exporter.version}`,
  jaeger: `docker.io/jaegertracing/jaeger:${jaeger.version}`,
  'kube-state-metrics': `registry.k8s.io/kube-state-metrics/kube-state-metrics:v${kube_state_metrics.version}`,
  'node-exporter': `quay.io/prometheus/node-exporter:v${node_exporter.version}`,
  'prometheus-operator': `quay.io/prometheus-operator/prometheus-operator:v${prometheus_operator.version}`,
  'prometheus-config-reloader': `quay.io/prometheus-operator/prometheus-config-reloader:v${prometheus_operator.version}`,
} as const;

export const taggedImages: readonly string[] = Object.values(tagged);

const pinned = readPinned();

/** The same with the digests that `npm run pin-images` has found for them. */
export const images = Object.fromEntries(
  Object.entries(tagged).map(([name, image]) => [name, withDigest(image, pinned)]),
) as Readonly<Record<keyof typeof tagged, string>>;
