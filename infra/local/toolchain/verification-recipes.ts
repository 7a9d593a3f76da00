import { productVersions, type verificationTools } from '../../versions.ts';
import type { Recipe } from './recipe.ts';
import { github, kubernetesDownloads } from './release-hosts.ts';

/** Kubernetes publishes the servers for Linux only, as plain binaries with their checksums beside them. */
function kubernetesServer(tool: 'kube-apiserver' | 'kube-controller-manager'): Recipe {
  const { version } = productVersions.kubernetes;
  return {
    tool,
    product: productVersions.kubernetes,
    pathNames: [tool],
    release: ({ os, arch }) => {
      const archivePath = `/v${version}/bin/${os}/${arch}/${tool}`;
      return os === 'linux'
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
  'kube-apiserver': kubernetesServer('kube-apiserver'),
  'kube-controller-manager': kubernetesServer('kube-controller-manager'),
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
};
