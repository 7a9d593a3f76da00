import {
  bareSubject,
  constant,
  observed,
  type Samples,
  type Scenario,
  sample,
  subject,
} from '../scenario.ts';
import { type Pace, paced, plus, steady, stepAt } from './counter.ts';
import { looked, roundAbout } from './looks.ts';
import { nowAndThen } from './now-and-then.ts';
import { shareEdges } from './share-edges.ts';

const monitoring = (component: string) => subject(component, 'monitoring');
const { cluster, environment } = bareSubject('');
const topic = 'task-events';
const consumergroup = 'audit';

const grafana = (status_code: string, pace: Pace) =>
  sample(
    'grafana',
    'grafana_http_request_duration_seconds_count',
    { handler: '/api/ds/query', method: 'POST', status_code },
    paced(pace),
  );
const sent = (failed: Pace, fine: Pace): Samples => {
  const alertmanager = 'http://alertmanager-0:9093';
  return [
    sample('prometheus', 'prometheus_notifications_errors_total', { alertmanager }, paced(failed)),
    sample('prometheus', 'prometheus_notifications_sent_total', { alertmanager }, paced(plus(failed, fine))),
  ];
};
const kafka = (lag: string, offset: string): Samples => [
  observed('kafka_consumergroup_lag', { consumergroup, topic, partition: '0' }, lag),
  observed('kafka_consumergroup_current_offset', { consumergroup, topic, partition: '0' }, offset),
];
const membersMissing = {
  family: 'AlertmanagerMembersMissing',
  firing: { severity: 'warning', ...monitoring('alertmanager') },
  holds: 600,
} as const;
const alertmanagers = (seen: readonly number[], service = 'alertmanager'): Samples =>
  seen.flatMap((count, index) => [
    sample(service, 'up', {}, constant(1), `${service}-${index}:9093`),
    sample(service, 'alertmanager_cluster_members', {}, constant(count), `${service}-${index}:9093`),
  ]);
const compactor = {
  family: 'LokiCompactorNotRunning',
  firing: { severity: 'warning', ...monitoring('loki') },
  holds: 300,
} as const;
const stuck = {
  family: 'KafkaConsumerStuck',
  firing: { severity: 'warning', cluster, environment, consumergroup, topic },
  holds: 300,
} as const;

export const infrastructureEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'GrafanaRequestErrors',
    firing: { severity: 'warning', ...monitoring('grafana') },
    samples: (failed, fine) => [grafana('500', failed), grafana('200', fine)],
    above: { part: 1, whole: 10 },
    window: 300,
    holds: 300,
  }),
  ...shareEdges({
    family: 'PrometheusErrorSendingAlerts',
    firing: { severity: 'critical', ...monitoring('prometheus') },
    samples: sent,
    above: { part: 3, whole: 100 },
    window: 300,
    holds: 300,
  }),
  ...nowAndThen({
    family: 'PrometheusSampleLimitHit',
    firing: { severity: 'warning', ...monitoring('prometheus') },
    samples: (values) => [
      sample('prometheus', 'prometheus_target_scrapes_exceeded_sample_limit_total', {}, values),
    ],
    window: 300,
    holds: 120,
  }),
  ...nowAndThen({
    family: 'PrometheusCompactionsFailing',
    firing: { severity: 'warning', ...monitoring('prometheus') },
    samples: (values) => [sample('prometheus', 'prometheus_tsdb_compactions_failed_total', {}, values)],
    window: 3 * 3600,
    holds: 300,
  }),
  looked(membersMissing, 'one of three sees one other', alertmanagers([3, 3, 2]), 1200, true),
  looked(
    membersMissing,
    'another Alertmanager sees only itself',
    alertmanagers([1, 1], 'another'),
    1200,
    false,
  ),
  {
    ...looked(
      compactor,
      'it succeeds again and again, each time exactly as long ago as may be',
      [
        sample(
          'loki',
          'loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds',
          {},
          '-10800+60x200',
        ),
      ],
      11_400,
      false,
    ),
    every: '1m',
  },
  looked(
    { family: 'KafkaBrokersMissing', firing: { severity: 'warning', cluster, environment }, holds: 300 },
    'one went more than an hour ago',
    [observed('kafka_brokers', {}, '3x20 2x300')],
    300 + 3600 + 420,
    false,
  ),
  ...roundAbout(
    {
      family: 'PrometheusNotIngesting',
      firing: { severity: 'warning', ...monitoring('prometheus') },
      holds: 300,
    },
    'the last sample was written',
    [
      sample(
        'prometheus',
        'prometheus_tsdb_head_samples_appended_total',
        { type: 'float' },
        paced(stepAt(360, 100, 0)),
      ),
    ],
    360 + 285 + 300,
  ),
  ...roundAbout(
    stuck,
    'the last offset moved',
    kafka(constant(5), paced(stepAt(660, 10, 0))),
    660 + 585 + 300,
  ),
  ...roundAbout(stuck, 'messages begin to wait', kafka('0x44 5x200', constant(900)), 660 + 600 + 300),
  ...roundAbout(
    {
      family: 'HostCpuHigh',
      firing: { severity: 'warning', cluster, environment, instance: 'node-1:9100' },
      holds: 900,
    },
    'it no longer idles',
    [
      observed(
        'node_cpu_seconds_total',
        { instance: 'node-1:9100', cpu: '0', mode: 'idle' },
        paced(stepAt(360, 15, 0)),
      ),
      observed(
        'node_cpu_seconds_total',
        { instance: 'node-1:9100', cpu: '0', mode: 'user' },
        paced(steady(0)),
      ),
    ],
    360 + 240 + 900,
  ),
];
