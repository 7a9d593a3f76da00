import { secretsOfIntegration } from '../../alerts/receivers.ts';
import type { Routing } from '../../alerts/routing.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import type { EnvironmentConfig } from '../config.ts';
import { images } from '../kubernetes/images.ts';
import { lokiUser } from '../kubernetes/systems/loki-common.ts';
import { alertResendMs } from '../local/prometheus-flags.ts';
import { renderedPaths } from '../render/environment.ts';
import { grafanaPaths } from '../render/grafana/provisioning.ts';
import { byBash, byNode, byWget, type ContainerSpec, containerRoot, nobody } from './container.ts';

/** Where each component keeps its data: what its published image has made ready for its user. */
export const dataDirs = {
  prometheus: '/prometheus',
  alertmanager: '/alertmanager',
  loki: '/loki',
  promtail: '/var/lib/promtail',
  grafana: '/var/lib/grafana',
} as const;

/** The socket of Docker's API, from which Promtail has every container's output. */
export const dockerSocket = '/var/run/docker.sock';

const { config: configDir } = renderedPaths;
const configPath = (name: string): string => `${containerRoot}/${configDir}/${name}`;

export interface DockerOptions {
  readonly config: EnvironmentConfig;
  readonly urls: NonNullable<EnvironmentConfig['urls']>;
  readonly routing: Routing;
  /** How many bring queued logs to Loki; more than one share Kafka as their queue. */
  readonly ingestors: number;
}

/** The observability stack itself. */
export function componentContainers(options: DockerOptions): readonly ContainerSpec[] {
  return [
    prometheus(options),
    alertmanager(options),
    loki(),
    promtail(),
    nodeExporter(),
    grafana(options),
    inbox(),
  ];
}

const common = { namespace: namespaces.stack, env: {}, secrets: [], tmpfs: [], stopSeconds: 10 } as const;

function prometheus({ config, urls }: DockerOptions): ContainerSpec {
  const { retentionTime, retentionSize, remoteWrite } = config.prometheus;
  const port = componentPorts.prometheus;
  return {
    ...common,
    name: 'prometheus',
    image: { published: images.prometheus },
    command: [
      `--config.file=${configPath('prometheus.yml')}`,
      `--storage.tsdb.path=${dataDirs.prometheus}`,
      `--storage.tsdb.retention.time=${retentionTime}`,
      `--storage.tsdb.retention.size=${retentionSize}`,
      `--web.listen-address=:${port}`,
      `--web.external-url=${urls.prometheus}`,
      `--rules.alert.resend-delay=${alertResendMs(1) / 1000}s`,
      '--enable-feature=exemplar-storage',
      '--web.enable-remote-write-receiver',
      '--log.format=json',
    ],
    user: nobody,
    port,
    isPublished: true,
    reads: [`${configDir}/prometheus.yml`, renderedPaths.rules],
    secrets: remoteWrite?.auth ? ['REMOTE_WRITE_SECRET'] : [],
    volumes: [{ name: 'prometheus', path: dataDirs.prometheus }],
    health: byWget(port, '/-/ready'),
    // It writes what it holds in memory before it ends.
    stopSeconds: 60,
  };
}

function alertmanager({ urls, routing }: DockerOptions): ContainerSpec {
  const port = componentPorts.alertmanager;
  const secrets = routing.receivers.flatMap(({ integrations }) => integrations.flatMap(secretsOfIntegration));
  return {
    ...common,
    name: 'alertmanager',
    image: { published: images.alertmanager },
    command: [
      `--config.file=${configPath('alertmanager.yml')}`,
      `--storage.path=${dataDirs.alertmanager}`,
      `--web.listen-address=:${port}`,
      `--web.external-url=${urls.alertmanager}`,
      '--cluster.listen-address=',
      '--log.format=json',
    ],
    user: nobody,
    port,
    isPublished: true,
    reads: [`${configDir}/alertmanager.yml`, `${configDir}/templates/`],
    secrets: [...new Set(secrets.map(({ secretRef }) => secretRef))],
    volumes: [{ name: 'alertmanager', path: dataDirs.alertmanager }],
    health: byWget(port, '/-/ready'),
  };
}

const loki = (): ContainerSpec => ({
  ...common,
  name: 'loki',
  image: { published: images.loki },
  command: [`-config.file=${configPath('loki.yaml')}`],
  user: `${lokiUser}:${lokiUser}`,
  port: componentPorts.loki,
  reads: [`${configDir}/loki.yaml`, `${renderedPaths.logRules}/`],
  volumes: [{ name: 'loki', path: dataDirs.loki }],
  tmpfs: ['/tmp'],
  health: {
    none: 'its image holds the binary alone, which learns to ask itself only after 3.6.4; Prometheus tells when it is down',
  },
  stopSeconds: 300,
});

const promtail = (): ContainerSpec => ({
  ...common,
  name: 'promtail',
  image: { published: images.promtail },
  command: [`-config.file=${configPath('promtail.yaml')}`],
  // Docker's socket belongs to root and a group whose number differs from host to host.
  user: '0:0',
  port: componentPorts.promtail,
  reads: [`${configDir}/promtail.yaml`],
  volumes: [{ name: 'promtail', path: dataDirs.promtail }],
  hostMounts: [{ source: dockerSocket, target: dockerSocket, readOnly: true }],
  tmpfs: ['/tmp'],
  health: byBash(componentPorts.promtail, '/ready'),
});

function nodeExporter(): ContainerSpec {
  const port = componentPorts.nodeExporter;
  const root = '/host/root';
  return {
    ...common,
    name: 'node-exporter',
    image: { published: images['node-exporter'] },
    command: [
      `--web.listen-address=:${port}`,
      '--log.format=json',
      '--collector.processes',
      `--path.rootfs=${root}`,
    ],
    user: nobody,
    port,
    reads: [],
    volumes: [],
    hostMounts: [{ source: '/', target: root, readOnly: true, followsHost: true }],
    seesHostProcesses: true,
    health: byWget(port, '/'),
  };
}

const grafana = ({ config }: DockerOptions): ContainerSpec => ({
  ...common,
  name: 'grafana',
  image: { published: images.grafana },
  command: [],
  user: '472:472',
  env: { GF_PATHS_CONFIG: `${containerRoot}/${grafanaPaths.settings}` },
  port: componentPorts.grafana,
  isPublished: true,
  isScraped: false,
  reads: [`${configDir}/grafana/`, `${grafanaPaths.dashboards}/`],
  secrets: [
    'GRAFANA_ADMIN_PASSWORD',
    ...(config.grafana?.oidc ? (['GRAFANA_OIDC_CLIENT_SECRET'] as const) : []),
  ],
  volumes: [{ name: 'grafana', path: dataDirs.grafana }],
  tmpfs: ['/tmp'],
  health: byWget(componentPorts.grafana, '/api/health'),
});

/** Shows what was told to whom where no receiver is set yet, and serves the runbooks. */
const inbox = (): ContainerSpec => ({
  ...common,
  name: 'inbox',
  image: { built: 'inbox' },
  command: ['alerts/inbox/main.ts'],
  user: '1000:1000',
  env: { HOST: '0.0.0.0', PORT: String(componentPorts.inbox), DATA_DIR: '/data' },
  port: componentPorts.inbox,
  isPublished: true,
  isScraped: false,
  reads: [],
  volumes: [{ name: 'inbox', path: '/data' }],
  tmpfs: ['/tmp'],
  health: byNode(componentPorts.inbox, '/health'),
});
