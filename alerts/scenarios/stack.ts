import { bareSubject, constant, counting, type Samples, type Scenario, sample, subject } from './scenario.ts';

const up = (component: string, values: string) => sample(component, 'up', {}, values);
const required = ['alertmanager', 'loki', 'promtail'] as const;
const requiredUp: Samples = required.map((name) => up(name, constant(1)));
const about = (component: string) => subject(component, 'monitoring');
const reload = (component: 'prometheus' | 'alertmanager', values: string): Samples[number] =>
  sample(component, `${component}_config_last_reload_successful`, {}, values);
const sent = (
  name: 'alertmanager_notifications_total' | 'alertmanager_notifications_failed_total',
  each: number,
) => sample('alertmanager', name, { integration: 'slack' }, counting(each));
const lokiAnswers = (status_code: string, each: number) =>
  sample(
    'loki',
    'loki_request_duration_seconds_count',
    { status_code, route: 'loki_api_v1_push' },
    counting(each),
  );
const alertmanagers = (values: string) =>
  sample('prometheus', 'prometheus_notifications_alertmanagers_discovered', {}, values);
const ruleFailures = (values: string) =>
  sample('prometheus', 'prometheus_rule_evaluation_failures_total', { rule_group: 'g' }, values);
const dropped = (values: string) =>
  sample(
    'promtail',
    'promtail_dropped_entries_total',
    { reason: { operator: '=', value: 'ingester_error' } },
    values,
  );
const unparsed = (values: string) => sample('promtail', 'promtail_custom_unparsed_lines_total', {}, values);

const quiet = (family: string, given: string, samples: Samples): Scenario => ({
  family,
  given,
  samples,
  at: '20m',
  firing: [],
});

export const stackScenarios: readonly Scenario[] = [
  {
    family: 'Watchdog',
    given: 'nothing at all',
    samples: [],
    at: '0s',
    firing: [{ severity: 'none', cluster: 'local', environment: 'local' }],
  },
  {
    family: 'TargetDown',
    given: 'Loki is gone and the node exporter does not answer',
    samples: [
      ...requiredUp.filter(([series]) => !series.includes('"loki"')),
      up('node-exporter', constant(0)),
    ],
    at: '5m',
    firing: [
      { severity: 'warning', ...bareSubject('loki') },
      { severity: 'warning', ...bareSubject('node-exporter') },
    ],
  },
  {
    family: 'TargetDown',
    given: 'all of the stack is gone, and only sidecars have the names of its parts',
    samples: required.map((name) => sample(name, 'up', { container: 'daprd' }, constant(1))),
    at: '5m',
    firing: required.map((name) => ({ severity: 'warning', ...bareSubject(name) })),
  },
  quiet('TargetDown', 'the stack is up and one of our services is down', [
    ...requiredUp,
    up('node-exporter', constant(1)),
    up('sync', constant(0)),
  ]),
  {
    family: 'PrometheusConfigReloadFailed',
    given: 'a reload was refused',
    samples: [reload('prometheus', constant(0))],
    at: '5m',
    firing: [{ severity: 'warning', ...about('prometheus') }],
  },
  quiet('PrometheusConfigReloadFailed', 'the last reload worked', [reload('prometheus', constant(1))]),
  {
    family: 'AlertmanagerConfigReloadFailed',
    given: 'a reload was refused',
    samples: [reload('alertmanager', constant(0))],
    at: '5m',
    firing: [{ severity: 'warning', ...about('alertmanager') }],
  },
  quiet('AlertmanagerConfigReloadFailed', 'the last reload worked', [reload('alertmanager', constant(1))]),
  {
    family: 'PrometheusRuleFailures',
    given: 'a rule fails each time',
    samples: [ruleFailures(counting(1))],
    at: '10m',
    firing: [{ severity: 'warning', ...about('prometheus') }],
  },
  quiet('PrometheusRuleFailures', 'rules failed long ago', [ruleFailures('0+1x5 5x200')]),
  {
    family: 'PrometheusNotConnectedToAlertmanager',
    given: 'no Alertmanager is known',
    samples: [alertmanagers(constant(0))],
    at: '3m',
    firing: [{ severity: 'critical', ...about('prometheus') }],
  },
  quiet('PrometheusNotConnectedToAlertmanager', 'one is known', [alertmanagers(constant(1))]),
  {
    family: 'AlertmanagerNotificationsFailing',
    given: 'Slack refuses every other message',
    samples: [
      sent('alertmanager_notifications_total', 2),
      sent('alertmanager_notifications_failed_total', 1),
    ],
    at: '10m',
    firing: [{ severity: 'critical', integration: 'slack', ...about('alertmanager') }],
  },
  quiet('AlertmanagerNotificationsFailing', 'there is nothing to send', [
    sent('alertmanager_notifications_total', 0),
    sent('alertmanager_notifications_failed_total', 0),
  ]),
  {
    family: 'LokiRequestErrors',
    given: 'a fifth of the pushes fails',
    samples: [lokiAnswers('500', 2), lokiAnswers('204', 8)],
    at: '15m',
    firing: [{ severity: 'warning', ...about('loki') }],
  },
  quiet('LokiRequestErrors', 'clients send nonsense', [lokiAnswers('400', 5), lokiAnswers('204', 8)]),
  {
    family: 'PromtailDroppedLines',
    given: 'a batch was dropped a few minutes ago',
    samples: [dropped('0x20 100x200')],
    at: '11m',
    firing: [{ severity: 'warning', reason: 'ingester_error', ...about('promtail') }],
  },
  quiet('PromtailDroppedLines', 'lines were dropped before, and no more', [dropped(constant(100))]),
  {
    family: 'UnparsedLogLines',
    given: 'something keeps writing plain text',
    samples: [unparsed(counting(1))],
    at: '20m',
    firing: [{ severity: 'info', ...about('promtail') }],
  },
  quiet('UnparsedLogLines', 'a component wrote some at its start', [unparsed('0x4 12x200')]),
];
