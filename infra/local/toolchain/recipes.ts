import { type ProductName, productVersions, type ToolName } from '../../versions.ts';
import type { Platform, Recipe } from './recipe.ts';
import { github, grafanaDownloads } from './release-hosts.ts';
import { verificationRecipes } from './verification-recipes.ts';

function prometheusStyleRelease(project: ProductName, tool: ToolName): Recipe['release'] {
  const { version } = productVersions[project];
  const folder = `/prometheus/${project}/releases/download/v${version}`;
  return ({ os, arch }) => ({
    base: github,
    archivePath: `${folder}/${project}-${version}.${os}-${arch}.tar.gz`,
    checksumPath: `${folder}/sha256sums.txt`,
    archive: 'tar.gz',
    entry: `${project}-${version}.${os}-${arch}/${tool}`,
    wholeTree: false,
  });
}

function lokiRelease(tool: ToolName): Recipe['release'] {
  const folder = `/grafana/loki/releases/download/v${productVersions.loki.version}`;
  return ({ os, arch }) => ({
    base: github,
    archivePath: `${folder}/${tool}-${os}-${arch}.zip`,
    checksumPath: `${folder}/SHA256SUMS`,
    archive: 'zip',
    entry: `${tool}-${os}-${arch}`,
    wholeTree: false,
  });
}

const commonVersion = 'github.com/prometheus/common/version.Version';
const lokiVersion = 'github.com/grafana/loki/v3/pkg/util/build.Version';

function prometheusTool(tool: 'prometheus' | 'promtool'): Recipe {
  return {
    tool,
    product: productVersions.prometheus,
    pathNames: [tool],
    release: prometheusStyleRelease('prometheus', tool),
    go: {
      module: 'prometheus',
      package: `github.com/prometheus/prometheus/cmd/${tool}`,
      // Leaving out the clouds' service discovery halves the build; Kubernetes' is used.
      tags: ['remove_all_sd', 'enable_kubernetes_sd'],
      versionVariable: commonVersion,
    },
  };
}

function alertmanagerTool(tool: 'alertmanager' | 'amtool'): Recipe {
  return {
    tool,
    product: productVersions.alertmanager,
    pathNames: tool === 'alertmanager' ? ['alertmanager', 'prometheus-alertmanager'] : ['amtool'],
    release: prometheusStyleRelease('alertmanager', tool),
    go: {
      module: 'alertmanager',
      package: `github.com/prometheus/alertmanager/cmd/${tool}`,
      tags: [],
      versionVariable: commonVersion,
    },
  };
}

function lokiTool(tool: 'loki' | 'promtail' | 'logcli' | 'loki-canary'): Recipe {
  const folder = tool === 'promtail' ? 'clients/cmd' : 'cmd';
  return {
    tool,
    product: productVersions.loki,
    pathNames: [tool],
    release: lokiRelease(tool),
    go: {
      module: 'loki',
      package: `github.com/grafana/loki/v3/${folder}/${tool}`,
      tags: [],
      versionVariable: lokiVersion,
    },
  };
}

export const recipes: Readonly<Record<ToolName, Recipe>> = {
  prometheus: prometheusTool('prometheus'),
  promtool: prometheusTool('promtool'),
  alertmanager: alertmanagerTool('alertmanager'),
  amtool: alertmanagerTool('amtool'),
  loki: lokiTool('loki'),
  promtail: lokiTool('promtail'),
  logcli: lokiTool('logcli'),
  'loki-canary': lokiTool('loki-canary'),
  node_exporter: {
    tool: 'node_exporter',
    product: productVersions.node_exporter,
    pathNames: ['node_exporter', 'prometheus-node-exporter'],
    release: prometheusStyleRelease('node_exporter', 'node_exporter'),
    go: {
      module: 'node_exporter',
      package: 'github.com/prometheus/node_exporter',
      tags: [],
      versionVariable: commonVersion,
    },
  },
  grafana: {
    tool: 'grafana',
    product: productVersions.grafana,
    pathNames: ['grafana'],
    release: ({ os, arch }) => {
      const archivePath = `/oss/release/grafana-${productVersions.grafana.version}.${os}-${arch}.tar.gz`;
      return {
        base: grafanaDownloads,
        archivePath,
        checksumPath: `${archivePath}.sha256`,
        archive: 'tar.gz',
        entry: 'bin/grafana',
        wholeTree: true,
      };
    },
    whyNoBuild: "Grafana's web interface is not in a Go module",
  },
  blackbox_exporter: {
    tool: 'blackbox_exporter',
    product: productVersions.blackbox_exporter,
    pathNames: ['blackbox_exporter', 'prometheus-blackbox-exporter'],
    release: prometheusStyleRelease('blackbox_exporter', 'blackbox_exporter'),
    go: {
      module: 'blackbox_exporter',
      package: 'github.com/prometheus/blackbox_exporter',
      tags: [],
      versionVariable: commonVersion,
    },
    debianPackage: { name: 'prometheus-blackbox-exporter', binary: 'usr/bin/prometheus-blackbox-exporter' },
  },
  jaeger: {
    tool: 'jaeger',
    product: productVersions.jaeger,
    pathNames: ['jaeger'],
    release: ({ os, arch }) => {
      const { version } = productVersions.jaeger;
      const folder = `/jaegertracing/jaeger/releases/download/v${version}`;
      return {
        base: github,
        archivePath: `${folder}/jaeger-${version}-${os}-${arch}.tar.gz`,
        // One file for all archives; the checksum files with a platform in their name are of the files inside.
        checksumPath: `${folder}/jaeger-${version}.sha256sum.txt`,
        archive: 'tar.gz',
        entry: `jaeger-${version}-${os}-${arch}/jaeger`,
        wholeTree: false,
      };
    },
    whyNoBuild: "Jaeger's web interface is not in a Go module, and the module's sums are incomplete",
  },
  ...verificationRecipes,
};

/** This machine, in the words that releases use; undefined where nobody publishes binaries for it. */
export function platformOf(os: string, arch: string): Platform | undefined {
  if (os !== 'linux' && os !== 'darwin') return undefined;
  if (arch === 'x64') return { os, arch: 'amd64' };
  if (arch === 'arm64') return { os, arch: 'arm64' };
  return undefined;
}
