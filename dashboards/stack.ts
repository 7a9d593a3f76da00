import { namespaces } from '../telemetry/contract/services.ts';
import { logql, promql, series, stream } from '../telemetry/query/query.ts';
import { matches, oneOf } from '../telemetry/query/series.ts';
import { exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { inCluster, type PanelContext } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { lineList } from './panels/logs.ts';
import { rateOf } from './panels/queries.ts';
import { deliveryPanels, prometheusPanels } from './panels/stack-alerting.ts';
import { grafanaPanels, lokiPanels, promtailPanels } from './panels/stack-logging.ts';
import { rulerPanels } from './panels/stack-ruler.ts';
import { passing } from './panels/states.ts';
import { anyIs, someAre } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

const components = ['prometheus', 'alertmanager', 'loki', 'promtail', 'grafana'] as const;
const up = series('up', inCluster);
const ofStack = { ...inCluster, namespace: namespaces.stack } as const;

/** Would we know? Whether what observes the services is well itself. */
export function stack(context: PanelContext): DashboardSpec {
  return {
    uid: 'stack',
    description:
      'Prometheus, Alertmanager, Loki, Promtail and Grafana themselves: targets, delivery of alerts, evaluation, storage of logs. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: variablesOf('up', ['environment', 'cluster'], { logs: true }),
    annotations: [firingAlerts({ ...inCluster, service: oneOf(components) })],
    links: [...linksTo('home', 'alerts', 'logs', 'kubernetes', 'hosts'), exploreLogs],
    sections: [
      { title: 'Targets', panels: targets(context) },
      { title: 'Delivery of alerts', panels: deliveryPanels(context) },
      { title: 'Prometheus', panels: prometheusPanels(context) },
      { title: 'Loki', panels: lokiPanels(context) },
      { title: 'Loki’s ruler', panels: rulerPanels(context) },
      { title: 'Promtail', panels: promtailPanels(context) },
      { title: 'Grafana', panels: grafanaPanels(context) },
      { title: 'What they use', panels: resources(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function targets(context: PanelContext): readonly PanelSpec[] {
  const { number, states } = panelKit(context);
  const quarter = { unit: 'short', width: 6 } as const;
  return [
    number({
      ...quarter,
      title: 'Targets up',
      description: 'Everything that is scraped and answers.',
      color: 'green',
      asks: [[promql`count(${up} == 1) or vector(0)`, 'up']],
    }),
    number({
      ...quarter,
      title: 'Targets down',
      description:
        'Targets that do not answer. Which, is drawn below; while one is down nothing is known of it.',
      runbook: 'target-down',
      steps: anyIs('red'),
      asks: [[promql`count(${up} == 0) or vector(0)`, 'down']],
    }),
    number({
      ...quarter,
      title: 'Alertmanagers',
      description: 'Those that Prometheus can send to. None: alerts reach nobody.',
      runbook: 'prometheus-not-connected-to-alertmanager',
      steps: someAre('green'),
      asks: [
        [promql`max(${series('prometheus_notifications_alertmanagers_discovered', inCluster)})`, 'known'],
      ],
    }),
    number({
      ...quarter,
      title: 'Lines a second',
      description:
        'Log lines that Loki receives. None: logs are written and not collected, or nobody writes.',
      color: 'blue',
      asks: [[rateOf(series('loki_distributor_lines_received_total', inCluster)), 'lines']],
    }),
    states({
      title: 'Targets',
      description:
        'Whether all targets of a service answer. Red: stopped, unreachable, or too slow. A band that ends: gone from discovery.',
      width: 24,
      height: 9,
      runbook: 'target-down',
      asks: [[promql`min by (service) (${up})`, '{{service}}']],
      states: passing,
    }),
  ];
}

function resources(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'CPU',
      description:
        'Cores in use. Prometheus and Loki rise with heavy queries; for hours without them: too many series or streams.',
      unit: 'short',
      width: 12,
      asks: [[rateOf(series('process_cpu_seconds_total', ofStack), 'service'), '{{service}}']],
    }),
    line({
      title: 'Memory',
      description:
        'Resident. Prometheus’ grows with its series: a step after a deployment is a label with too many values.',
      unit: 'bytes',
      width: 12,
      asks: [[promql`sum by (service) (${series('process_resident_memory_bytes', ofStack)})`, '{{service}}']],
    }),
  ];
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Errors of the stack',
    description:
      'What its components complain about, the newest first. While one of them restarts, the others do.',
    width: 24,
    height: 10,
  };
  const lines = stream({ ...ofStack, level: matches('ERROR|CRITICAL') });
  return [lineList(about, logql`${lines}`, context)];
}
