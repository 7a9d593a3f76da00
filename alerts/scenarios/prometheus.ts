import { constant, counting, proofOf, restarting, type Samples, type Scenario, sample } from './scenario.ts';
import { sendingProof } from './sending.ts';

const about = { namespace: 'monitoring', service: 'prometheus' } as const;
const evaluations = (missed: number, all: number, values = counting): Samples => [
  sample('prometheus', 'prometheus_rule_group_iterations_missed_total', { rule_group: 'g' }, values(missed)),
  sample('prometheus', 'prometheus_rule_group_iterations_total', { rule_group: 'g' }, values(all)),
];
const stored = (values: string) =>
  sample('prometheus', 'prometheus_tsdb_head_samples_appended_total', { type: 'float' }, values);
const compactions = (values: string) =>
  sample('prometheus', 'prometheus_tsdb_compactions_failed_total', {}, values);
const overLimit = (values: string) =>
  sample('prometheus', 'prometheus_target_scrapes_exceeded_sample_limit_total', {}, values);
const sent = (alertmanager: string, errors: number, all: number, values = counting): Samples => [
  sample('prometheus', 'prometheus_notifications_errors_total', { alertmanager }, values(errors)),
  sample('prometheus', 'prometheus_notifications_sent_total', { alertmanager }, values(all)),
];
const members = (seen: readonly number[]): Samples =>
  seen.flatMap((count, index) => [
    sample('alertmanager', 'up', {}, constant(1), `alertmanager-${index}:9093`),
    sample('alertmanager', 'alertmanager_cluster_members', {}, constant(count), `alertmanager-${index}:9093`),
  ]);
const grafana = (status_code: string, values: string) =>
  sample(
    'grafana',
    'grafana_http_request_duration_seconds_count',
    { handler: '/api/ds/query', method: 'POST', status_code },
    values,
  );

export const prometheusScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'PrometheusMissedEvaluations',
    about,
    above: ['three evaluations in twenty are left out', evaluations(3, 20)],
    early: '9m',
    quiet: [
      ['exactly one in ten is', evaluations(1, 10)],
      ['few are and Prometheus restarts', evaluations(1, 15, restarting)],
    ],
  }),
  ...proofOf({
    family: 'PrometheusNotIngesting',
    about,
    above: ['the number of samples stands still', [stored(constant(5000))]],
    early: '4m',
    quiet: [
      ['a few samples are stored', [stored(counting(1))]],
      ['Prometheus restarts', [stored(restarting(5000))]],
    ],
  }),
  ...proofOf({
    family: 'PrometheusCompactionsFailing',
    about,
    above: ['one failed a quarter of an hour ago', [compactions('0x20 1x220')]],
    at: '20m',
    early: '8m',
    quiet: [
      ['some failed before, and no more', [compactions(constant(4))]],
      ['Prometheus restarts', [compactions('4x40 0x200')]],
    ],
  }),
  ...proofOf({
    family: 'PrometheusSampleLimitHit',
    about,
    above: ['each scrape of a target is over the limit', [overLimit(counting(1))]],
    early: '90s',
    quiet: [
      ['one was long ago', [overLimit('0x10 1x230')]],
      ['Prometheus restarts', [overLimit('9x70 0x170')]],
    ],
  }),
  ...sendingProof({
    family: 'PrometheusErrorSendingAlerts',
    about,
    sender: 'Prometheus',
    sent,
  }),
  ...proofOf({
    family: 'AlertmanagerMembersMissing',
    about: { namespace: 'monitoring', service: 'alertmanager' },
    above: ['one of three sees only itself', members([3, 3, 1])],
    early: '9m',
    quiet: [
      ['all see each other', members([3, 3, 3])],
      ['there is one', members([1])],
    ],
  }),
  ...proofOf({
    family: 'GrafanaRequestErrors',
    about: { namespace: 'monitoring', service: 'grafana' },
    above: ['three requests in twenty fail', [grafana('500', counting(3)), grafana('200', counting(17))]],
    early: '4m',
    quiet: [
      ['exactly one in ten fails', [grafana('500', counting(1)), grafana('200', counting(9))]],
      ['few fail and Grafana restarts', [grafana('500', restarting(1)), grafana('200', restarting(20))]],
      ['people ask for what is not there', [grafana('404', counting(10)), grafana('200', counting(10))]],
    ],
  }),
];
