import { notOnDisk } from '../telemetry/catalogue/node.ts';
import { type DashboardUid, dashboards } from '../telemetry/contract/links.ts';
import { serviceNames, sidecarContainer } from '../telemetry/contract/services.ts';
import { promql, series } from '../telemetry/query/query.ts';
import { matches, not, notMatches, oneOf } from '../telemetry/query/series.ts';
import { firingAlerts, linksTo } from './navigation.ts';
import { inCluster, type PanelContext } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { rateOf, requestsTo } from './panels/queries.ts';
import { anyIs, overspent } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

const ours = { ...inCluster, service: oneOf(serviceNames) } as const;
const requests = requestsTo(ours);
const firing = (severity: string) =>
  promql`count(${series('ALERTS', { ...inCluster, alertstate: 'firing', severity })}) or vector(0)`;
const onDisk = {
  ...inCluster,
  fstype: notMatches(notOnDisk),
} as const;
/** Those of single services are linked from Service Overview. */
const others = (Object.keys(dashboards) as DashboardUid[]).filter(
  (uid) => uid !== 'home' && !/^service-(?!overview$)/.test(uid),
);

/** One look: is everything all right, and if not, where to go on. */
export function home(context: PanelContext): DashboardSpec {
  return {
    uid: 'home',
    description:
      'Is everything all right? What is not green says where to look; every other dashboard is linked on top. Generated: change it in dashboards/.',
    tags: ['sightline'],
    variables: variablesOf('up', ['environment', 'cluster']),
    annotations: [firingAlerts(inCluster)],
    links: linksTo(...others),
    sections: [
      { title: 'Is everything all right?', panels: verdicts(context) },
      { title: 'Services', panels: services(context) },
      { title: 'What fires', panels: fires(context) },
    ],
  };
}

function verdicts(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  const count = { unit: 'short' } as const;
  return [
    number({
      ...count,
      title: 'Critical alerts',
      description: 'Anything but nothing: somebody is on it, or should be. See Alerts.',
      steps: anyIs('red'),
      asks: [[firing('critical'), 'critical']],
    }),
    number({
      ...count,
      title: 'Warnings',
      description: 'To be mended, not necessarily at once. See Alerts.',
      steps: anyIs('orange'),
      asks: [[firing('warning'), 'warnings']],
    }),
    number({
      ...count,
      title: 'Targets down',
      description: 'Services and parts of the stack that do not answer. See Service Overview, and Stack.',
      runbook: 'target-down',
      steps: anyIs('red'),
      asks: [[promql`count(${series('up', inCluster)} == 0) or vector(0)`, 'down']],
    }),
    number({
      title: 'Least error budget',
      description:
        'Of the objective that is worst off; below nothing a promise is broken, and -100% stands for anything worse. See SLOs.',
      unit: 'percentunit',
      decimals: 0,
      steps: overspent,
      asks: [
        [promql`clamp_min(min(${series('slo:error_budget_remaining:ratio_period', ours)}), -1)`, 'left'],
      ],
    }),
    number({
      title: 'Error ratio',
      description: 'Share of all requests answered with 5xx, probes left out. See Service Overview.',
      unit: 'percentunit',
      decimals: 2,
      runbook: 'high-error-ratio',
      limits: { warning: 'error_ratio_warning' },
      asks: [[requests.errorRatio(), 'errors']],
    }),
    number({
      title: 'p95 latency',
      description: 'Nineteen of twenty requests were faster. See Service Overview.',
      unit: 's',
      runbook: 'high-latency',
      limits: { warning: 'request_latency_p95_warning' },
      asks: [[requests.latency(0.95), 'p95']],
    }),
    number({
      ...count,
      title: 'Events waiting',
      description: 'Published and not processed. See Event Processing.',
      runbook: 'event-lag-high',
      limits: { warning: 'event_lag_warning' },
      asks: [[promql`sum(${series('event_consumer_lag', ours)})`, 'events']],
    }),
    number({
      ...count,
      title: 'Dead letters',
      savedQuery: 'dead-letters',
      description: 'Given up, waiting for a person. See Event Processing.',
      runbook: 'dead-letters',
      steps: anyIs('red'),
      asks: [[promql`sum(${series('event_dead_letters', ours)})`, 'dead']],
    }),
    number({
      ...count,
      title: 'Error lines / min',
      description: 'Lines at ERROR and CRITICAL of all services. See Logs.',
      runbook: 'error-log-burst',
      decimals: 1,
      steps: anyIs('orange'),
      asks: [
        [
          promql`60 * ${rateOf(series('log_lines_total', { ...ours, level: matches('ERROR|CRITICAL') }))} or vector(0)`,
          'lines',
        ],
      ],
    }),
    number({
      ...count,
      title: 'People connected',
      description: 'WebSockets open now. None although people work: see WebSocket.',
      color: 'blue',
      runbook: 'websocket-no-connections',
      asks: [[promql`sum(${series('websocket_connections', ours)})`, 'connected']],
    }),
    number({
      title: 'Busiest host',
      description: 'Share of the CPU in use on the busiest host. See Hosts.',
      unit: 'percentunit',
      decimals: 0,
      runbook: 'host-cpu-high',
      limits: { warning: 'host_cpu_warning' },
      asks: [
        [
          promql`max(1 - avg by (instance) (rate(${series('node_cpu_seconds_total', { ...inCluster, mode: 'idle' })}[$__rate_interval])))`,
          'CPU',
        ],
      ],
    }),
    number({
      title: 'Least disk left',
      description: 'Share that is left of the fullest file system. See Hosts.',
      unit: 'percentunit',
      decimals: 0,
      runbook: 'host-disk-filling',
      limits: { warning: 'disk_space_warning', critical: 'disk_space_critical', below: true },
      asks: [
        [
          promql`min(${series('node_filesystem_avail_bytes', onDisk)} / ${series('node_filesystem_size_bytes', onDisk)})`,
          'left',
        ],
      ],
    }),
  ];
}

const services = (context: PanelContext): readonly PanelSpec[] => [
  panelKit(context).table({
    title: 'Services',
    description:
      'Every service as it is now. Sort by what hurts; Service Overview shows where it comes from.',
    height: 8,
    rows: { service: 'Service' },
    columns: [
      {
        title: 'Up',
        unit: 'short',
        query: promql`sum by (service) (${series('up', { ...ours, container: not(sidecarContainer) })})`,
      },
      { title: 'Requests', unit: 'reqps', query: rateOf(requests.users, 'service') },
      { title: 'Error ratio', unit: 'percentunit', query: requests.errorRatio('service') },
      { title: 'p95', unit: 's', query: requests.latency(0.95, 'service') },
      {
        title: 'Events waiting',
        unit: 'short',
        query: promql`sum by (service) (${series('event_consumer_lag', ours)})`,
      },
      {
        title: 'Memory',
        unit: 'bytes',
        query: promql`sum by (service) (${series('process_resident_memory_bytes', ours)})`,
      },
    ],
    sortBy: 'Requests',
  }),
];

const fires = (context: PanelContext): readonly PanelSpec[] => [
  panelKit(context).states({
    title: 'Alerts over time',
    description:
      'A band for each alert while it fires. The first of several that begin together is nearest to the cause.',
    width: 24,
    height: 7,
    asks: [
      [
        promql`max by (alertname, service) (${series('ALERTS', { ...inCluster, alertstate: 'firing', severity: not('none') })})`,
        '{{alertname}} {{service}}',
      ],
    ],
    states: { 1: { text: 'Firing', color: 'red' } },
  }),
];
