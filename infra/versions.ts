/** The tools that Sightline runs or calls, by the name of their binary. */
export const toolNames = [
  'prometheus',
  'promtool',
  'alertmanager',
  'amtool',
  'loki',
  'promtail',
  'logcli',
  'loki-canary',
  'node_exporter',
  'grafana',
  'blackbox_exporter',
  'jaeger',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kube-state-metrics',
  'daprd',
  'prometheus-operator',
  'kwok',
  'kafka',
  'otelcol',
  'redis-server',
  'docker-compose',
] as const;

export type ToolName = (typeof toolNames)[number];

/** What only `verify:catalogue`, `test:kubernetes`, `test:docker`, `npm start -- --with …` and `npm run bench` run. Got when named, never as part of "all tools": they take long to build, or need Java. */
export const verificationTools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kube-state-metrics',
  'daprd',
  'prometheus-operator',
  'kwok',
  'kafka',
  'otelcol',
  'redis-server',
  'docker-compose',
] as const satisfies readonly ToolName[];

/** The products that are released, and so versioned, as one. */
export type ProductName =
  | 'prometheus'
  | 'alertmanager'
  | 'loki'
  | 'node_exporter'
  | 'grafana'
  | 'blackbox_exporter'
  | 'jaeger'
  | 'alloy'
  | 'etcd'
  | 'kubernetes'
  | 'kube_state_metrics'
  | 'dapr'
  | 'prometheus_operator'
  | 'kwok'
  | 'memcached'
  | 'redis'
  | 'kafka'
  | 'opentelemetry_collector'
  | 'docker_compose';

export interface ProductVersion {
  /** The release that is downloaded or built, without the leading v. */
  readonly version: string;
  /** Which other versions on PATH are as good: the same minor line, or the same major from this version on. */
  readonly accepts: 'same-minor' | { readonly from: string };
  /** The Go module it can be built from, where that is possible; go.mod in infra/local/toolchain/go pins the same. */
  readonly goModule?: { readonly path: string; readonly version: string };
}

export const productVersions: Readonly<Record<ProductName, ProductVersion>> = {
  // Prometheus tags its Go module v0.<major><minor, two digits>.<patch>: v0.315.0 is release 3.15.0.
  prometheus: {
    version: '3.15.0',
    accepts: { from: '3.15.0' },
    goModule: { path: 'github.com/prometheus/prometheus', version: 'v0.315.0' },
  },
  // The Go module of 0.32 and later lacks the built web interface and does not compile.
  alertmanager: {
    version: '0.31.1',
    accepts: { from: '0.31.0' },
    goModule: { path: 'github.com/prometheus/alertmanager', version: 'v0.31.1' },
  },
  // 3.6 is the last line with Promtail; Loki's configuration changes between minor versions.
  loki: {
    version: '3.6.4',
    accepts: 'same-minor',
    goModule: { path: 'github.com/grafana/loki/v3', version: 'v3.6.4' },
  },
  node_exporter: {
    version: '1.12.1',
    accepts: { from: '1.12.0' },
    goModule: { path: 'github.com/prometheus/node_exporter', version: 'v1.12.1' },
  },
  // Dashboards are v1 JSON, which Grafana 10 to 13 provision alike.
  grafana: { version: '13.2.3', accepts: { from: '13.0.0' } },
  // Debian 12 packages 0.23, which has every probe that is used here.
  blackbox_exporter: {
    version: '0.28.0',
    accepts: { from: '0.23.0' },
    goModule: { path: 'github.com/prometheus/blackbox_exporter', version: 'v0.28.0' },
  },
  // Takes Promtail's place in a cluster where that is asked for; nothing here runs it.
  alloy: { version: '1.12.2', accepts: 'same-minor' },
  jaeger: { version: '2.20.0', accepts: { from: '2.0.0' } },
  etcd: {
    version: '3.6.16',
    accepts: { from: '3.6.0' },
    goModule: { path: 'go.etcd.io/etcd/server/v3', version: 'v3.6.16' },
  },
  // Beside the API server's, the version of the kubelet whose metrics the catalogue lists.
  kubernetes: {
    version: '1.36.3',
    accepts: 'same-minor',
    goModule: { path: 'k8s.io/kubernetes', version: 'v1.36.3' },
  },
  // The release that goes with Kubernetes 1.36.
  kube_state_metrics: {
    version: '2.20.0',
    accepts: 'same-minor',
    goModule: { path: 'k8s.io/kube-state-metrics/v2', version: 'v2.20.0' },
  },
  dapr: {
    version: '1.14.0',
    accepts: 'same-minor',
    goModule: { path: 'github.com/dapr/dapr', version: 'v1.14.0' },
  },
  // Its module also holds the custom resource definitions that tests hold our objects against.
  prometheus_operator: {
    version: '0.85.0',
    accepts: 'same-minor',
    goModule: { path: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.85.0' },
  },
  kwok: {
    version: '0.8.0',
    accepts: 'same-minor',
    goModule: { path: 'sigs.k8s.io/kwok', version: 'v0.8.0' },
  },
  // What Loki's documentation recommends for its caches (operations/caching).
  memcached: { version: '1.6.32', accepts: { from: '1.6.0' } },
  // Debian 12's; streams with consumer groups, which Dapr's bus is made of, are older.
  redis: { version: '7.0.15', accepts: { from: '7.0.0' } },
  // Of 4.4.0 parts are missing in Maven's repository.
  kafka: { version: '4.3.1', accepts: { from: '4.0.0' } },
  // What the log pipeline is compared with. Of 0.160 and later not every module can be had from a module proxy.
  opentelemetry_collector: {
    version: '0.158.0',
    accepts: 'same-minor',
    goModule: { path: 'go.opentelemetry.io/collector/otelcol', version: 'v0.158.0' },
  },
  // How to run in Docker asks for 2.20 or later.
  docker_compose: {
    version: '2.40.3',
    accepts: { from: '2.20.0' },
    goModule: { path: 'github.com/docker/compose/v2', version: 'v2.40.3' },
  },
};

/** SHA-256 of `bundle.yaml` of the Prometheus Operator's release, computed of the file in its Go module, which is the same. */
export const operatorBundleSha256 = '602f3a0c4f91952cfbbaedeed6542a8231134537191965275b9e2c2e05aeab72';

/** The pinned version of each product, without the rest. */
export const pinnedVersions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(productVersions).map(([product, { version }]) => [product, version]),
);
