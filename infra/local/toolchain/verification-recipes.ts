import { productVersions, type verificationTools } from '../../versions.ts';
import type { Recipe } from './recipe.ts';
import { github, kubernetesDownloads } from './release-hosts.ts';

/** Kubernetes publishes plain binaries with their checksums beside them; all but kubectl for Linux only. */
function kubernetesBinary(
  tool: 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubectl',
): Recipe {
  const { version } = productVersions.kubernetes;
  return {
    tool,
    product: productVersions.kubernetes,
    pathNames: [tool],
    ...(tool === 'kubectl' && { versionArguments: ['version', '--client'] }),
    release: ({ os, arch }) => {
      const archivePath = `/v${version}/bin/${os}/${arch}/${tool}`;
      return os === 'linux' || tool === 'kubectl'
        ? {
            base: kubernetesDownloads,
            archivePath,
            checksumPath: `${archivePath}.sha256`,
            archive: 'none',
            entry: tool,
            wholeTree: false,
          }
        : undefined;
    },
    go: {
      module: 'kubernetes',
      package: `k8s.io/kubernetes/cmd/${tool}`,
      tags: [],
      versionVariable: 'k8s.io/component-base/version.gitVersion',
      versionPrefix: 'v',
    },
  };
}

/** The tools that stand behind a component of the catalogue and are no part of the stack. */
export const verificationRecipes: Readonly<Record<(typeof verificationTools)[number], Recipe>> = {
  etcd: {
    tool: 'etcd',
    product: productVersions.etcd,
    pathNames: ['etcd'],
    release: ({ os, arch }) => {
      const { version } = productVersions.etcd;
      const folder = `/etcd-io/etcd/releases/download/v${version}`;
      const name = `etcd-v${version}-${os}-${arch}`;
      const archive = os === 'darwin' ? 'zip' : 'tar.gz';
      return {
        base: github,
        archivePath: `${folder}/${name}.${archive}`,
        checksumPath: `${folder}/SHA256SUMS`,
        archive,
        entry: `${name}/etcd`,
        wholeTree: false,
      };
    },
    go: {
      module: 'etcd',
      package: 'go.etcd.io/etcd/server/v3',
      tags: [],
      versionVariable: 'go.etcd.io/etcd/api/v3/version.Version',
    },
  },
  'kube-apiserver': kubernetesBinary('kube-apiserver'),
  'kube-controller-manager': kubernetesBinary('kube-controller-manager'),
  'kube-scheduler': kubernetesBinary('kube-scheduler'),
  kubectl: kubernetesBinary('kubectl'),
  'kube-state-metrics': {
    tool: 'kube-state-metrics',
    product: productVersions.kube_state_metrics,
    pathNames: ['kube-state-metrics'],
    versionArguments: ['version'],
    // Container images only.
    release: () => undefined,
    go: {
      module: 'kube-state-metrics',
      package: 'k8s.io/kube-state-metrics/v2',
      tags: [],
      versionVariable: 'github.com/prometheus/common/version.Version',
    },
  },
  daprd: {
    tool: 'daprd',
    product: productVersions.dapr,
    pathNames: ['daprd'],
    release: ({ os, arch }) => {
      const archivePath = `/dapr/dapr/releases/download/v${productVersions.dapr.version}/daprd_${os}_${arch}.tar.gz`;
      return {
        base: github,
        archivePath,
        checksumPath: `${archivePath}.sha256`,
        archive: 'tar.gz',
        entry: 'daprd',
        wholeTree: false,
      };
    },
    go: {
      module: 'dapr',
      package: 'github.com/dapr/dapr/cmd/daprd',
      // All components at once do not compile with Go 1.26.
      tags: ['stablecomponents'],
      versionVariable: 'github.com/dapr/dapr/pkg/buildinfo.version',
    },
  },
  'prometheus-operator': {
    tool: 'prometheus-operator',
    product: productVersions.prometheus_operator,
    pathNames: ['prometheus-operator'],
    // Container images and manifests only.
    release: () => undefined,
    go: {
      module: 'prometheus-operator',
      package: 'github.com/prometheus-operator/prometheus-operator/cmd/operator',
      tags: [],
      versionVariable: 'github.com/prometheus/common/version.Version',
    },
  },
  kwok: {
    tool: 'kwok',
    product: productVersions.kwok,
    pathNames: ['kwok'],
    // No checksums of its releases are known.
    release: () => undefined,
    go: {
      module: 'kwok',
      package: 'sigs.k8s.io/kwok/cmd/kwok',
      tags: [],
      versionVariable: 'sigs.k8s.io/kwok/pkg/consts.Version',
      versionPrefix: 'v',
    },
  },
  kafka: {
    tool: 'kafka',
    product: productVersions.kafka,
    pathNames: ['kafka-run-class.sh'],
    homeVariable: 'KAFKA_HOME',
    java: 17,
    versionArguments: ['kafka.Kafka', '--version'],
    release: () => undefined,
    maven: { project: 'kafka', artifact: 'org.apache.kafka:kafka_2.13', script: 'kafka-run-class.sh' },
  },
  otelcol: {
    tool: 'otelcol',
    product: productVersions.opentelemetry_collector,
    pathNames: ['otelcol-contrib', 'otelcol'],
    // A distribution has two hundred components more, which take memory that a comparison would count.
    release: () => undefined,
    go: {
      module: 'otelcol',
      package: 'sightline.invalid/toolchain/otelcol',
      tags: [],
      versionVariable: 'main.version',
    },
  },
  'redis-server': {
    tool: 'redis-server',
    product: productVersions.redis,
    pathNames: ['redis-server'],
    // Source only.
    release: () => undefined,
    whyNoBuild: 'Redis comes as a package of the system: apt-get install redis-server, or brew install redis',
  },
  'docker-compose': {
    tool: 'docker-compose',
    product: productVersions.docker_compose,
    pathNames: ['docker-compose'],
    versionArguments: ['version'],
    release: ({ os, arch }) => {
      const folder = `/docker/compose/releases/download/v${productVersions.docker_compose.version}`;
      const name = `docker-compose-${os}-${arch === 'amd64' ? 'x86_64' : 'aarch64'}`;
      return {
        base: github,
        archivePath: `${folder}/${name}`,
        checksumPath: `${folder}/${name}.sha256`,
        archive: 'none',
        entry: name,
        wholeTree: false,
      };
    },
    go: {
      module: 'docker-compose',
      package: 'github.com/docker/compose/v2/cmd',
      tags: [],
      versionVariable: 'github.com/docker/compose/v2/internal.Version',
      versionPrefix: 'v',
    },
  },
};
