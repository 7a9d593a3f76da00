import { constant, counting, proofOf, restarting, type Samples, type Scenario, sample } from './scenario.ts';
import { sendingProof } from './sending.ts';

const about = { namespace: 'monitoring', service: 'loki' } as const;
const user = 'platform';
const failures = (values: string) =>
  sample('loki', 'loki_prometheus_rule_evaluation_failures_total', { rule_group: 'logs', user }, values);
const evaluations = (values: string, component = 'loki') =>
  sample(component, 'loki_prometheus_rule_evaluations_total', { rule_group: 'logs', user }, values);
const up = (value: number, component = 'loki') => sample(component, 'up', {}, constant(value));
const sent = (alertmanager: string, errors: number, all: number, values = counting): Samples => [
  sample('loki', 'loki_prometheus_notifications_errors_total', { alertmanager, user }, values(errors)),
  sample('loki', 'loki_prometheus_notifications_sent_total', { alertmanager, user }, values(all)),
];
const dropped = (values: string) =>
  sample('loki', 'loki_prometheus_notifications_dropped_total', { user }, values);

export const lokiRulerScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'LokiRuleEvaluationFailures',
    about,
    above: ['a rule fails each time', [failures(counting(1))]],
    early: '2m',
    quiet: [
      ['none has ever failed', [failures(constant(0))]],
      ['some failed long ago', [failures('0+1x5 5x235')]],
      ['Loki restarts', [failures('9x70 0x170')]],
    ],
  }),
  ...proofOf({
    family: 'LokiRulerNotEvaluating',
    about,
    above: ['it could not read its rules', [up(1)]],
    early: '9m',
    quiet: [
      ['rules are evaluated', [up(1), evaluations(counting(1))]],
      ['rules are evaluated and Loki restarts', [up(1), evaluations(restarting(1))]],
      ['Loki does not answer', [up(0)]],
      ['another component is up', [up(1, 'promtail')]],
    ],
  }),
  ...proofOf({
    family: 'LokiRulerNotEvaluating',
    about,
    above: [
      'the number of evaluations stands still, and grows in another namespace',
      [up(1), evaluations(constant(900)), evaluations(counting(1), 'backend-api')],
    ],
    quiet: [],
  }),
  ...sendingProof({
    family: 'LokiRulerNotificationErrors',
    about,
    sender: 'Loki',
    sent,
    quiet: [['nothing fires, so nothing is sent', sent('http://a', 0, 0)]],
  }),
  ...proofOf({
    family: 'LokiRulerNotificationErrors',
    about,
    above: ['an alert is dropped now and then', [dropped('0+0.25x240')]],
    early: '2m',
    quiet: [
      ['some were dropped long ago', [dropped('0+1x5 5x235')]],
      ['Loki restarts', [dropped('9x70 0x170')]],
    ],
  }),
];
