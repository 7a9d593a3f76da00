import { bareSubject, constant, type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus } from './counter.ts';
import { gaugeEdges } from './gauge-edges.ts';
import { looked } from './looks.ts';
import { nowAndThen } from './now-and-then.ts';
import { shareEdges } from './share-edges.ts';

const about = (component: string) => subject(component, 'monitoring');
const up = (component: string, values: string, instance?: string) =>
  sample(component, 'up', {}, values, instance);
const requiredUp: Samples = ['alertmanager', 'loki', 'promtail'].map((name) => up(name, constant(1)));
const exporters = (down: number, all: number): Samples =>
  Array.from({ length: all }, (_, index) =>
    up('node-exporter', constant(index < down ? 0 : 1), `node-exporter:${index}`),
  );
const sent = (
  name: 'alertmanager_notifications_total' | 'alertmanager_notifications_failed_total',
  pace: Pace,
): Samples[number] => sample('alertmanager', name, { integration: 'slack' }, paced(pace));
const answers = (status_code: string, pace: Pace) =>
  sample(
    'loki',
    'loki_request_duration_seconds_count',
    { status_code, route: 'loki_api_v1_push' },
    paced(pace),
  );
const reload = (component: 'prometheus' | 'alertmanager', values: string): Samples[number] =>
  sample(component, `${component}_config_last_reload_successful`, {}, values);
const targetDown = {
  family: 'TargetDown',
  firing: { severity: 'warning', ...bareSubject('node-exporter') },
  holds: 120,
} as const;
const reloads = (component: 'prometheus' | 'alertmanager', family: string): readonly Scenario[] =>
  gaugeEdges({
    family,
    firing: { severity: 'warning', ...about(component) },
    samples: (values) => [reload(component, values)],
    atMost: 1,
    beyond: 0,
    holds: 120,
  });

const dropped = (values: string) =>
  sample(
    'promtail',
    'promtail_dropped_entries_total',
    { reason: { operator: '=', value: 'ingester_error' } },
    values,
  );
const droppedLines = {
  family: 'PromtailDroppedLines',
  firing: { severity: 'warning', reason: 'ingester_error', ...about('promtail') },
  holds: 0,
} as const;

export const stackEdges: readonly Scenario[] = [
  looked(targetDown, 'exactly the share of the threshold', [...requiredUp, ...exporters(1, 10)], 600, false),
  looked(targetDown, 'a little more than that share', [...requiredUp, ...exporters(1, 9)], 600, true),
  looked(
    targetDown,
    'all of them, but not for long',
    [...requiredUp, up('node-exporter', '1x20 0x200')],
    405,
    false,
  ),
  ...reloads('prometheus', 'PrometheusConfigReloadFailed'),
  ...reloads('alertmanager', 'AlertmanagerConfigReloadFailed'),
  ...gaugeEdges({
    family: 'PrometheusNotConnectedToAlertmanager',
    firing: { severity: 'critical', ...about('prometheus') },
    samples: (values) => [
      sample('prometheus', 'prometheus_notifications_alertmanagers_discovered', {}, values),
    ],
    atMost: 1,
    beyond: 0,
    holds: 120,
  }),
  ...shareEdges({
    family: 'AlertmanagerNotificationsFailing',
    firing: { severity: 'critical', integration: 'slack', ...about('alertmanager') },
    samples: (failed, fine) => [
      sent('alertmanager_notifications_failed_total', failed),
      sent('alertmanager_notifications_total', plus(failed, fine)),
    ],
    above: { part: 1, whole: 100 },
    window: 300,
    holds: 120,
  }),
  ...shareEdges({
    family: 'LokiRequestErrors',
    firing: { severity: 'warning', ...about('loki') },
    samples: (failed, fine) => [answers('500', failed), answers('204', fine)],
    above: { part: 1, whole: 10 },
    window: 300,
    holds: 300,
  }),
  ...nowAndThen({
    family: 'PrometheusRuleFailures',
    firing: { severity: 'warning', ...about('prometheus') },
    holds: 120,
    samples: (values) => [
      sample('prometheus', 'prometheus_rule_evaluation_failures_total', { rule_group: 'g' }, values),
    ],
    window: 300,
  }),
  ...nowAndThen({
    family: 'UnparsedLogLines',
    firing: { severity: 'info', ...about('promtail') },
    holds: 900,
    samples: (values) => [sample('promtail', 'promtail_custom_unparsed_lines_total', {}, values)],
    window: 300,
  }),
  looked(droppedLines, 'it restarts, and drops no more', [dropped('100x20 0x200')], 360, false),
  looked(
    droppedLines,
    'the window after the last drop is over',
    [dropped('100x20 200x200')],
    300 + 315 + 315,
    false,
  ),
  looked(droppedLines, 'a drop at the other end of the window', [dropped('100x20 200x200')], 300 + 285, true),
  looked(
    droppedLines,
    'the window is over, and it is still kept firing',
    [dropped('100x20 200x200')],
    300 + 300 + 270,
    true,
  ),
];
