import path from 'node:path';
import { ensureCanaryKey } from '../../services/log-canary/canary-key.ts';
import { emitterNames } from '../../telemetry/contract/pipeline.ts';
import type { SecretName } from '../../telemetry/contract/secrets.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { type EnvironmentConfig, readEnvironment } from '../config.ts';
import { repositoryRoot } from '../repository.ts';
import { buildStack, type Stack, type StackUrls } from '../stack.ts';
import { adminPassword } from './admin-password.ts';
import { componentProcesses } from './components.ts';
import { daprFiles, daprInstances, daprProcesses, daprSecretFiles } from './dapr-processes.ts';
import type { Extra } from './extras.ts';
import { localHost, localPaths, renderLocalFiles, secretFiles } from './files.ts';
import { kafkaFiles, kafkaInstances, kafkaProcesses } from './kafka-processes.ts';
import {
  canaryKeyFile,
  keysFile,
  pipelineConfig,
  pipelineConfigFile,
  pipelineProcesses,
} from './pipeline-processes.ts';
import { localPlacement } from './placements.ts';
import { type LocalPorts, localPorts } from './ports.ts';
import type { LocalPlan } from './process-spec.ts';
import { serviceProcesses } from './service-processes.ts';
import { type LocalSettings, readLocalSettings, withoutSecrets } from './settings.ts';

export interface LocalOptions {
  /** Added to every port, 0 to `maxPortOffset`. */
  readonly portOffset: number;
  /** Absolute path of the folder that holds everything the stack writes. */
  readonly stateDir: string;
  /** SIGHTLINE_ENVIRONMENT_FILE in it replaces infra/environments/local.yaml. */
  readonly env: NodeJS.ProcessEnv;
  /** Divides every duration of scraping, rules and routing; 1 but in tests. */
  readonly timeScale: number;
  /** Whether the traffic generator runs; true unless said otherwise. */
  readonly traffic?: boolean;
  /** Requests a second, in place of what the environment file says. */
  readonly trafficRate?: number;
  /** Deliver to the local inbox and nobody else, whatever receivers are set; false unless said otherwise. */
  readonly inboxOnly?: boolean;
  /** What runs beside the usual; nothing unless said otherwise. */
  readonly with?: readonly Extra[];
}

/** Components that are scraped, with the port their metrics are on. */
const scrapedComponents = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  loki: 'loki',
  promtail: 'promtail',
  'node-exporter': 'nodeExporter',
} as const satisfies Readonly<Record<string, keyof LocalPorts>>;

/** Components whose output is collected although nothing is scraped. */
const loggedComponents = ['preview', 'inbox', 'traffic-generator'] as const;

/**
 * The whole local stack as data: its processes and the files they read.
 * @throws SightlineError SL11xx when the environment file, `.env` or a variable is wrong
 */
export async function planLocal(options: LocalOptions): Promise<LocalPlan> {
  const read = readEnvironment('local', options.env.SIGHTLINE_ENVIRONMENT_FILE || undefined);
  const config = { ...read, traffic: { rate: options.trafficRate ?? read.traffic.rate } };
  const given = readLocalSettings(options.env, path.join(repositoryRoot, '.env'));
  const settings = options.inboxOnly ? withoutSecrets(given) : given;
  refuseStrayPage(config, settings);
  requireSecrets(config, given);
  const ports = localPorts(options.portOffset);
  const extras = options.with ?? [];
  const stack = localStack(config, ports, options.timeScale, extras);
  const context = { stack, ports, settings, stateDir: options.stateDir, with: extras };
  const withDapr = extras.includes('dapr');
  const withTraffic = options.traffic !== false && config.traffic.rate > 0;
  return {
    processes: [
      ...componentProcesses(context, { withTraffic }),
      ...serviceProcesses(context),
      ...pipelineProcesses(context),
      ...(withDapr ? daprProcesses(context) : []),
      ...(extras.includes('kafka') ? kafkaProcesses(context) : []),
    ],
    files: new Map([
      ...renderLocalFiles(stack, { stateDir: options.stateDir, ports, settings }),
      [pipelineConfigFile, pipelineConfig(context)],
      ...(withDapr ? daprFiles(context) : []),
      ...(extras.includes('kafka') ? kafkaFiles(context) : []),
    ]),
    secretFiles: new Map([
      ...secretFiles(settings),
      ...ofGrafana(settings, options.stateDir),
      ...(withDapr ? daprSecretFiles(context) : []),
    ]),
    prepare: () => ensureCanaryKey(keysFile(options.stateDir), canaryKeyFile(options.stateDir)),
  };
}

/** A key in somebody's shell must not turn a fault they play with into a call at night. */
function refuseStrayPage({ paging }: EnvironmentConfig, settings: LocalSettings): void {
  if (paging === 'pagerduty' || settings.PAGERDUTY_ROUTING_KEY === undefined) return;
  throw new SightlineError('SL1106', {
    what: `PAGERDUTY_ROUTING_KEY is set, and this environment says \`paging: ${paging}\``,
    where: 'the environment variables or .env',
    fix: 'unset it; to page from this machine, write `paging: pagerduty` into a copy of infra/environments/local.yaml and name the copy in SIGHTLINE_ENVIRONMENT_FILE',
  });
}

/** Grafana would start, and turn everybody away; Prometheus would be turned away with each sample. */
function requireSecrets({ grafana, prometheus }: EnvironmentConfig, given: LocalSettings): void {
  const needed = [
    ['GRAFANA_OIDC_CLIENT_SECRET', 'grafana.oidc', grafana?.oidc],
    ['REMOTE_WRITE_SECRET', 'prometheus.remoteWrite.auth', prometheus.remoteWrite?.auth],
  ] as const;
  for (const [name, key, value] of needed) {
    if (value === undefined || given[name] !== undefined) continue;
    throw new SightlineError('SL1104', {
      what: `${name} is missing, and the environment file has \`${key}\``,
      where: 'the environment variables or .env',
      fix: `set it, or leave \`${key}\` out of the file`,
    });
  }
}

function ofGrafana(settings: LocalSettings, stateDir: string): ReadonlyMap<string, string> {
  const path = `${localPaths.secrets}/${'GRAFANA_ADMIN_PASSWORD' satisfies SecretName}`;
  return new Map([[path, adminPassword(settings.GRAFANA_ADMIN_PASSWORD, `${stateDir}/${path}`)]]);
}

/** The stack's data for the local target. Grafana's place is taken by the preview: it always runs. */
export function localStack(
  config: EnvironmentConfig,
  ports: LocalPorts,
  timeScale: number,
  extras: readonly Extra[] = [],
): Stack {
  const at = (port: number): string => `http://${localHost}:${port}`;
  const urls: StackUrls = {
    prometheus: at(ports.prometheus),
    alertmanager: at(ports.alertmanager),
    loki: at(ports.loki),
    dashboards: at(ports.preview),
    explore: at(ports.preview),
    runbooks: `${at(ports.inbox)}/runbooks/{id}`,
  };
  return buildStack({
    config,
    urls,
    timeScale,
    instances: [
      ...serviceInstances(ports),
      ...componentInstances(ports),
      ...(extras.includes('dapr') ? daprInstances(ports) : []),
      ...(extras.includes('kafka') ? kafkaInstances(ports) : []),
    ],
  });
}

const serviceInstances = (ports: LocalPorts): Stack['instances'] =>
  emitterNames.map((name) => ({
    placement: localPlacement(name, 'service'),
    address: `${localHost}:${ports[name]}`,
  }));

const componentInstances = (ports: LocalPorts): Stack['instances'] => [
  ...Object.entries(scrapedComponents).map(([name, port]) => ({
    placement: localPlacement(name, 'component'),
    address: `${localHost}:${ports[port]}`,
  })),
  ...loggedComponents.map((name) => ({ placement: localPlacement(name, 'component') })),
];
