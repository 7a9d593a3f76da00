import { promql, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { inCluster, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { rateOf, rateOfGrowing, shareOf } from './queries.ts';
import type { States } from './states.ts';

const sent = series('prometheus_notifications_sent_total', inCluster);
const notSent = series('prometheus_notifications_errors_total', inCluster);
const dropped = series('prometheus_notifications_dropped_total', inCluster);
const notifications = series('alertmanager_notifications_total', inCluster);
const failures = series('alertmanager_notifications_failed_total', inCluster);
const loaded: States = {
  0: { text: 'Refused', color: 'red' },
  1: { text: 'In effect', color: 'green' },
};

/** From a firing alert to a message: the way whose break nobody hears of by an alert. */
export function deliveryPanels(context: PanelContext): readonly PanelSpec[] {
  const { line, states } = panelKit(context);
  return [
    line({
      title: 'Alerts not sent',
      description:
        'Share of alerts that an Alertmanager did not take from Prometheus, and those given up. Above the dashed line for every Alertmanager, pages may not arrive: are they up, and reachable?',
      unit: 'percentunit',
      runbook: 'prometheus-error-sending-alerts',
      limits: { critical: 'alert_sending_error_ratio_critical' },
      asks: [[shareOf(notSent, sent, 'service', 'alertmanager'), '{{service}} to {{alertmanager}}']],
    }),
    line({
      title: 'Notifications',
      description: 'Messages a second by way. None for long is good, if the heartbeat goes on.',
      unit: 'ops',
      asks: [[rateOfGrowing(notifications, 'service', 'integration'), '{{service}} {{integration}}']],
    }),
    line({
      title: 'Notifications that fail',
      description:
        'Share by way. Above the dashed line alerts fire and people do not learn of them: key, address, or the receiver’s own outage; Alertmanager’s log says which.',
      unit: 'percentunit',
      runbook: 'alertmanager-notifications-failing',
      limits: { critical: 'notification_failure_ratio_critical' },
      asks: [[shareOf(failures, notifications, 'service', 'integration'), '{{service}} {{integration}}']],
    }),
    states({
      title: 'Configuration',
      description:
        'Whether the last reload was taken. Red: new rules, routes or targets are not in effect, and the next start fails; the component’s log has the line.',
      runbook: 'prometheus-config-reload-failed',
      asks: [
        [
          promql`min by (service) (${series('prometheus_config_last_reload_successful', inCluster)}) or min by (service) (${series('alertmanager_config_last_reload_successful', inCluster)})`,
          '{{service}}',
        ],
      ],
      states: loaded,
    }),
    line({
      title: 'Alertmanagers',
      description:
        'Those that Prometheus knows, and the members that each sees where there are several. None known: alerts reach nobody. Fewer seen than there are: each sends the same message.',
      unit: 'short',
      runbook: 'prometheus-not-connected-to-alertmanager',
      asks: [
        [
          promql`max by (service) (${series('prometheus_notifications_alertmanagers_discovered', inCluster)})`,
          '{{service}} knows',
        ],
        [promql`min by (service) (${series('alertmanager_cluster_members', inCluster)})`, '{{service}} sees'],
      ],
    }),
    line({
      title: 'Alerts given up',
      description:
        'Alerts a second that Prometheus could not send anywhere. Any: the queue is full or no Alertmanager takes them.',
      unit: 'ops',
      runbook: 'prometheus-error-sending-alerts',
      asks: [[rateOf(dropped, 'service'), '{{service}}']],
    }),
  ];
}

/** Whether Prometheus stores and evaluates. */
export function prometheusPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const failing = [
    ['rules', series('prometheus_rule_evaluation_failures_total', inCluster)],
    ['compactions', series('prometheus_tsdb_compactions_failed_total', inCluster)],
    [
      'scrapes over the sample limit',
      series('prometheus_target_scrapes_exceeded_sample_limit_total', inCluster),
    ],
  ] as const;
  return [
    line({
      title: 'Samples stored',
      description:
        'A second. A step up: new series, perhaps a label with too many values. At zero nothing is stored and no alert can fire.',
      unit: 'short',
      runbook: 'prometheus-not-ingesting',
      asks: [
        [rateOf(series('prometheus_tsdb_head_samples_appended_total', inCluster), 'service'), '{{service}}'],
      ],
    }),
    line({
      title: 'Evaluations left out',
      description:
        'Share of rule evaluations that were skipped because the one before had not ended. Above the dashed line alerts come late: find the slow group on Prometheus’ own rules page.',
      unit: 'percentunit',
      runbook: 'prometheus-missed-evaluations',
      limits: { warning: 'missed_evaluations_ratio_warning' },
      asks: [
        [
          shareOf(
            series('prometheus_rule_group_iterations_missed_total', inCluster),
            series('prometheus_rule_group_iterations_total', inCluster),
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'What fails, a minute',
      description:
        'Rules that cannot be evaluated, compactions, scrapes thrown away for their size. Anything but nothing: the log of Prometheus names rule, block or target.',
      unit: 'short',
      runbook: 'prometheus-rule-failures',
      asks: failing.map(([what, counter]) => [
        promql`60 * ${rateOf<string>(counter, 'service')}`,
        `{{service}}: ${what}`,
      ]),
    }),
  ];
}
