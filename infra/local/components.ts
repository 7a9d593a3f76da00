import { defaultSilenceSeconds } from '../../alerts/inbox/deadman.ts';
import { platformTenant, serviceNames } from '../../telemetry/contract/services.ts';
import { grafanaPaths } from '../render/grafana/provisioning.ts';
import { localHost, localPaths } from './files.ts';
import { deliveringNiceness } from './niceness.ts';
import { localPlacement } from './placements.ts';
import type { PlanContext } from './plan-context.ts';
import type { ProcessSpec } from './process-spec.ts';
import { alertResendMs, scaledFlags } from './prometheus-flags.ts';

type Component = Omit<ProcessSpec, 'kind' | 'pod' | 'after' | 'env' | 'optional' | 'stopTimeoutMs'> &
  Partial<Pick<ProcessSpec, 'after' | 'env' | 'optional'>>;

/** Everything but the five services: the observability stack itself, and what shows that it works. */
export function componentProcesses(
  context: PlanContext,
  options: { readonly withTraffic: boolean },
): readonly ProcessSpec[] {
  const components = [
    loki(context),
    prometheus(context),
    alertmanager(context),
    promtail(context),
    nodeExporter(context),
    inbox(context),
    preview(context),
    grafana(context),
    ...(options.withTraffic ? [trafficGenerator(context)] : []),
  ];
  return components.map((component) => ({
    after: [],
    env: {},
    optional: false,
    stopTimeoutMs: 10_000,
    ...component,
    kind: 'component',
    pod: localPlacement(component.name, 'component'),
  }));
}

/** Where time is divided, the seconds in which all starts would be minutes in which services are down. */
const beforePrometheus = (timeScale: number): readonly string[] =>
  timeScale > 1 ? [...serviceNames, 'log-gateway', 'log-ingestor'] : [];

const at = (port: number): string => `http://${localHost}:${port}`;
const configFile = (context: PlanContext, name: string): string =>
  `${context.stateDir}/${localPaths.config}/${name}`;
const dataDir = (context: PlanContext, name: string): string =>
  `${context.stateDir}/${localPaths.data}/${name}`;

function prometheus(context: PlanContext): Component {
  const { ports, stack } = context;
  const url = at(ports.prometheus);
  return {
    name: 'prometheus',
    title: 'Metrics, alert rules',
    run: {
      tool: 'prometheus',
      args: [
        `--config.file=${configFile(context, 'prometheus.yml')}`,
        `--storage.tsdb.path=${dataDir(context, 'prometheus')}`,
        `--storage.tsdb.retention.time=${stack.config.prometheus.retentionTime}`,
        `--storage.tsdb.retention.size=${stack.config.prometheus.retentionSize}`,
        `--web.listen-address=${localHost}:${ports.prometheus}`,
        // Links in notifications; by default they name the machine, which need not resolve.
        `--web.external-url=${url}`,
        `--rules.alert.resend-delay=${alertResendMs(stack.timeScale) / 1000}s`,
        '--enable-feature=exemplar-storage',
        // What fired in Loki's ruler comes this way.
        '--web.enable-remote-write-receiver',
        '--log.format=json',
        ...scaledFlags(stack.timeScale),
      ],
    },
    ports: [ports.prometheus],
    url,
    health: { kind: 'prometheus-query', url, query: 'vector(1)' },
    after: beforePrometheus(stack.timeScale),
  };
}

function alertmanager(context: PlanContext): Component {
  const port = context.ports.alertmanager;
  return {
    name: 'alertmanager',
    title: 'Grouping, routing, silences',
    run: {
      tool: 'alertmanager',
      args: [
        `--config.file=${configFile(context, 'alertmanager.yml')}`,
        `--storage.path=${dataDir(context, 'alertmanager')}`,
        `--web.listen-address=${localHost}:${port}`,
        `--web.external-url=${at(port)}`,
        // One instance: no gossip, and so no second port.
        '--cluster.listen-address=',
        '--log.format=json',
      ],
    },
    ports: [port],
    url: at(port),
    health: { kind: 'http', url: `${at(port)}/-/ready` },
  };
}

function loki(context: PlanContext): Component {
  const { ports } = context;
  return {
    name: 'loki',
    title: 'Logs',
    run: { tool: 'loki', args: [`-config.file=${configFile(context, 'loki.yaml')}`] },
    ports: [ports.loki, ports.lokiGrpc],
    url: at(ports.loki),
    health: { kind: 'loki-roundtrip', url: at(ports.loki), tenant: platformTenant },
    // Promtail sends its last lines when it ends, and hangs when Loki ends meanwhile.
    stopAfter: ['promtail', 'log-ingestor'],
    niceness: deliveringNiceness,
  };
}

function promtail(context: PlanContext): Component {
  const port = context.ports.promtail;
  return {
    name: 'promtail',
    title: 'Collects the logs',
    run: { tool: 'promtail', args: [`-config.file=${configFile(context, 'promtail.yaml')}`] },
    ports: [port],
    url: `${at(port)}/targets`,
    health: { kind: 'http', url: `${at(port)}/ready` },
  };
}

function nodeExporter(context: PlanContext): Component {
  const port = context.ports.nodeExporter;
  return {
    name: 'node-exporter',
    title: 'Metrics of this host',
    run: {
      tool: 'node_exporter',
      args: [
        `--web.listen-address=${localHost}:${port}`,
        '--log.format=json',
        ...(process.platform === 'linux' ? ['--collector.processes'] : []),
      ],
    },
    ports: [port],
    url: at(port),
    health: { kind: 'http', url: at(port) },
  };
}

function inbox(context: PlanContext): Component {
  const { settings, stack } = context;
  const silence = settings.HEARTBEAT_SILENCE ?? defaultSilenceSeconds;
  const port = context.ports.inbox;
  return {
    name: 'inbox',
    title: 'Slack and PagerDuty, seen locally',
    run: { script: 'alerts/inbox/main.ts', args: [] },
    env: {
      PORT: String(port),
      HOST: localHost,
      DATA_DIR: dataDir(context, 'inbox'),
      HEARTBEAT_EXPECTED: settings.HEARTBEAT_URL === undefined ? 'yes' : 'no',
      HEARTBEAT_SILENCE: String(Math.max(1, silence / stack.timeScale)),
      ...(settings.DEADMAN_WEBHOOK_URL && {
        DEADMAN_WEBHOOK_URL_FILE: `${context.stateDir}/${localPaths.secrets}/DEADMAN_WEBHOOK_URL`,
      }),
    },
    ports: [port],
    url: at(port),
    health: { kind: 'http', url: `${at(port)}/health` },
  };
}

function preview(context: PlanContext): Component {
  const { ports, stack } = context;
  return {
    name: 'preview',
    title: 'Dashboards without Grafana',
    run: { script: 'dashboards/preview/main.ts', args: [] },
    env: {
      PORT: String(ports.preview),
      HOST: localHost,
      PROMETHEUS_URL: stack.urls.prometheus,
      LOKI_URL: stack.urls.loki,
      LOKI_TENANT: platformTenant,
      ALERTMANAGER_URL: stack.urls.alertmanager,
      GRAFANA_URL: at(ports.grafana),
      // Generated anew from the sources, with what the rendered files were made with, so that a file shows when saved.
      DASHBOARD_THRESHOLDS: JSON.stringify(stack.thresholds),
      RUNBOOKS_URL: stack.urls.runbooks,
    },
    ports: [ports.preview],
    url: at(ports.preview),
    health: { kind: 'http', url: `${at(ports.preview)}/health` },
  };
}

function grafana(context: PlanContext): Component {
  const port = context.ports.grafana;
  return {
    name: 'grafana',
    title: 'Dashboards, Explore',
    run: {
      tool: 'grafana',
      args: [
        'server',
        '--homepath',
        '{toolHome}',
        '--config',
        `${context.stateDir}/${grafanaPaths.settings}`,
      ],
    },
    optional: true,
    ports: [port],
    url: at(port),
    health: { kind: 'http', url: `${at(port)}/api/health` },
  };
}

function trafficGenerator(context: PlanContext): Component {
  const { ports, stack } = context;
  const port = ports.trafficGenerator;
  return {
    name: 'traffic-generator',
    title: 'Users that keep the services busy',
    run: { script: 'services/traffic-generator/main.ts', args: [] },
    env: {
      PORT: String(port),
      HOST: localHost,
      BACKEND_API_URL: at(ports['backend-api']),
      RECURRING_TASK_URL: at(ports['recurring-task']),
      NOTIFICATION_URL: at(ports.notification),
      SYNC_URL: at(ports.sync),
      AUDIT_URL: at(ports.audit),
      TRAFFIC_RATE: String(stack.config.traffic.rate),
    },
    ports: [port],
    url: `${at(port)}/stats`,
    health: { kind: 'http', url: `${at(port)}/health` },
  };
}
