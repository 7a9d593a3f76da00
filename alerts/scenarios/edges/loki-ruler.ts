import { constant, type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced, plus, stepAt } from './counter.ts';
import { roundAbout } from './looks.ts';
import { nowAndThen } from './now-and-then.ts';
import { shareEdges } from './share-edges.ts';

const loki = subject('loki', 'monitoring');
const user = 'platform';
const sent = (failed: Pace, fine: Pace): Samples => {
  const labels = { alertmanager: 'http://alertmanager-0:9093/api/v2/alerts', user } as const;
  return [
    sample('loki', 'loki_prometheus_notifications_errors_total', labels, paced(failed)),
    sample('loki', 'loki_prometheus_notifications_sent_total', labels, paced(plus(failed, fine))),
  ];
};

export const lokiRulerEdges: readonly Scenario[] = [
  ...nowAndThen({
    family: 'LokiRuleEvaluationFailures',
    firing: { severity: 'warning', ...loki },
    samples: (values) => [
      sample('loki', 'loki_prometheus_rule_evaluation_failures_total', { rule_group: 'logs', user }, values),
    ],
    window: 300,
    holds: 120,
  }),
  ...roundAbout(
    { family: 'LokiRulerNotEvaluating', firing: { severity: 'warning', ...loki }, holds: 600 },
    'the last rule was evaluated',
    [
      sample('loki', 'up', {}, constant(1)),
      sample(
        'loki',
        'loki_prometheus_rule_evaluations_total',
        { rule_group: 'logs', user },
        paced(stepAt(360, 4, 0)),
      ),
    ],
    360 + 285 + 600,
  ),
  ...shareEdges({
    family: 'LokiRulerNotificationErrors',
    firing: { severity: 'critical', ...loki },
    samples: sent,
    above: { part: 3, whole: 100 },
    window: 300,
    holds: 300,
  }),
  ...nowAndThen({
    family: 'LokiRulerNotificationErrors',
    firing: { severity: 'warning', ...loki },
    samples: (values) => [sample('loki', 'loki_prometheus_notifications_dropped_total', { user }, values)],
    window: 300,
    holds: 120,
  }),
];
