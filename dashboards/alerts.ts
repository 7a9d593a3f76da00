import { promql, series } from '../telemetry/query/query.ts';
import { not } from '../telemetry/query/series.ts';
import { linksTo } from './navigation.ts';
import { inCluster, type PanelContext, selectedStreams } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { rateOf, rateOfGrowing } from './panels/queries.ts';
import { anyIs, someAre } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

/** Not the plumbing, which always fires. */
const where = { ...selectedStreams, severity: not('none') } as const;
const firing = series('ALERTS', { ...where, alertstate: 'firing' });
const pending = series('ALERTS', { ...where, alertstate: 'pending' });
const bySeverity = (severity: string) =>
  promql`count(${series('ALERTS', { ...selectedStreams, alertstate: 'firing', severity })}) or vector(0)`;
/** Each of several Alertmanagers has all of them. */
const atAlertmanager = (state: 'active' | 'suppressed') =>
  promql`max(${series('alertmanager_alerts', { ...inCluster, state })})`;
const toldApartByNothing = [
  { check: 'selection', because: 'Alertmanager does not count by what alerts are about' },
] as const;
const severityColors = { critical: 'red', warning: 'orange', info: 'blue' } as const;

/** What fires, what fired, and what fires too often? */
export function alerts(context: PanelContext): DashboardSpec {
  return {
    uid: 'alerts',
    description:
      'Alerts about metrics and about log lines: firing and pending ones, their history, the noisiest, and what became of them. Generated: change it in dashboards/.',
    tags: ['sightline', 'alerts'],
    variables: variablesOf('up', ['environment', 'cluster', 'namespace', 'service']),
    annotations: [],
    links: linksTo('home', 'service-overview', 'slos', 'logs', 'stack'),
    sections: [
      { title: 'Now', panels: now(context) },
      { title: 'History', panels: history(context) },
      { title: 'Notifications', panels: notifications(context) },
    ],
  };
}

function now(context: PanelContext): readonly PanelSpec[] {
  const { number, table } = panelKit(context);
  const sixth = { unit: 'short' } as const;
  return [
    number({
      ...sixth,
      title: 'Critical',
      description:
        'Somebody was paged for each. Its notification has the links to runbook, dashboard and logs.',
      steps: anyIs('red'),
      asks: [[bySeverity('critical'), 'critical']],
    }),
    number({
      ...sixth,
      title: 'Warning',
      description: 'To be mended, not necessarily at once.',
      steps: anyIs('orange'),
      asks: [[bySeverity('warning'), 'warning']],
    }),
    number({
      ...sixth,
      title: 'Info',
      description: 'Good to know beside something else.',
      steps: anyIs('blue'),
      asks: [[bySeverity('info'), 'info']],
    }),
    number({
      ...sixth,
      title: 'Pending',
      description: 'Conditions that hold, but not yet for as long as their rule wants.',
      steps: anyIs('orange'),
      asks: [[promql`count(${pending}) or vector(0)`, 'pending']],
    }),
    number({
      ...sixth,
      title: 'At Alertmanager',
      description:
        'Active alerts whoever sent them: those of Prometheus, those about log lines that Loki’s ruler sends, and the heartbeat. None at all: no alert arrives.',
      steps: someAre('blue'),
      asks: [[atAlertmanager('active'), 'active']],
      allow: toldApartByNothing,
    }),
    number({
      ...sixth,
      title: 'Suppressed',
      description:
        'Silenced, or inhibited by a worse alert of the same family. A silence that nobody ends hides the next failure.',
      steps: anyIs('orange'),
      asks: [[atAlertmanager('suppressed'), 'suppressed']],
      allow: toldApartByNothing,
    }),
    table({
      title: 'Firing now',
      description:
        'What fires, of what severity, and where. Empty is what to hope for; the heartbeat says whether to believe it.',
      height: 8,
      rows: {
        severity: 'Severity',
        alertname: 'Alert',
        service: 'Service',
        namespace: 'Namespace',
        cluster: 'Cluster',
        environment: 'Environment',
      },
      columns: [
        {
          title: 'Firing',
          unit: 'short',
          query: promql`count by (severity, alertname, service, namespace, cluster, environment) (${firing})`,
        },
      ],
      sortBy: 'Firing',
    }),
  ];
}

function history(context: PanelContext): readonly PanelSpec[] {
  const { bars, stack, states } = panelKit(context);
  return [
    states({
      title: 'What fired when',
      description:
        'A band for each alert while it fires. Many that begin together have one cause: the first of them, or what they share.',
      width: 24,
      height: 7,
      asks: [[promql`max by (alertname, service) (${firing})`, '{{alertname}} {{service}}']],
      states: { 1: { text: 'Firing', color: 'red' } },
    }),
    stack({
      title: 'Firing by severity',
      description: 'How many at a time. A hill that never comes down is a list that nobody works off.',
      unit: 'short',
      width: 12,
      colors: severityColors,
      asks: [[promql`sum by (severity) (${firing})`, '{{severity}}']],
    }),
    bars({
      title: 'Noisiest',
      description:
        'Time for which each alert fired within the range shown, the ten longest. What fires for hours and moves nobody wants another threshold, or no rule.',
      unit: 's',
      width: 12,
      instant: true,
      steps: anyIs('orange'),
      asks: [
        [
          promql`topk(10, 60 * sum by (alertname) (count_over_time(${firing}[$__range:1m])))`,
          '{{alertname}}',
        ],
      ],
    }),
  ];
}

function notifications(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Fired and delivered',
      description:
        'What Alertmanager has, silenced and inhibited ones too, beside what fires by the rules of Prometheus and of Loki’s ruler, the heartbeat on both sides. A difference that stays: alerts are lost on their way; Stack draws their delivery.',
      unit: 'short',
      width: 24,
      height: 7,
      allow: toldApartByNothing,
      asks: [
        [promql`${atAlertmanager('active')} + ${atAlertmanager('suppressed')}`, 'at Alertmanager'],
        [promql`count(${series('ALERTS', { ...inCluster, alertstate: 'firing' })}) or vector(0)`, 'fired'],
      ],
    }),
    line({
      title: 'Notifications by way',
      allow: toldApartByNothing,
      description: 'Messages a second that Alertmanager tried to send, the heartbeat’s among them.',
      unit: 'ops',
      width: 12,
      asks: [
        [
          rateOfGrowing(series('alertmanager_notifications_total', inCluster), 'service', 'integration'),
          '{{service}} {{integration}}',
        ],
      ],
    }),
    line({
      title: 'Notifications that failed',
      allow: toldApartByNothing,
      description:
        'Messages a second that could not be sent, by way and reason. Any for long: see the stack’s delivery of alerts.',
      unit: 'ops',
      width: 12,
      runbook: 'alertmanager-notifications-failing',
      asks: [
        [
          promql`${rateOfGrowing(
            series('alertmanager_notifications_failed_total', inCluster),
            'service',
            'integration',
            'reason',
          )} or 0 * ${rateOf(series('alertmanager_notifications_total', inCluster), 'service')}`,
          '{{service}} {{integration}} {{reason}}',
        ],
      ],
    }),
  ];
}
