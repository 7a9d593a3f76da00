import type { LabelValue } from '../../telemetry/contract/labels.ts';
import type { SeriesName } from '../../telemetry/query/series.ts';
import { counting, proofOf, restarting, type Samples, type Scenario, sample } from './scenario.ts';

/** Counters of a service's own work, by outcome. */
export type Counted =
  | 'recurring_tasks_created_total'
  | 'reminders_sent_total'
  | 'audit_entries_written_total'
  | 'sync_changes_pushed_total';
/** Its durations. */
export type Timed = Extract<
  SeriesName,
  | 'recurring_task_creation_duration_seconds_bucket'
  | 'reminder_delay_seconds_bucket'
  | 'audit_write_duration_seconds_bucket'
  | 'sync_event_latency_seconds_bucket'
>;

const outcomes = (
  service: string,
  counter: Counted,
  failed: number,
  done: number,
  values = counting,
): Samples => [
  sample(service, counter, { outcome: 'failure' }, values(failed)),
  sample(service, counter, { outcome: 'success' }, values(done)),
];

/** Buckets of a histogram, each with how much it grows by between two scrapes. */
const timed = (
  service: string,
  name: Timed,
  grown: Readonly<Record<string, number>>,
  values = counting,
): Samples =>
  Object.entries(grown).map(([le, perScrape]) => sample(service, name, { le }, values(perScrape)));

const operations = (
  operation: LabelValue<'operation'>,
  failed: number,
  done: number,
  values = counting,
): Samples => [
  sample('backend-api', 'task_operations_total', { operation, outcome: 'failure' }, values(failed)),
  sample('backend-api', 'task_operations_total', { operation, outcome: 'success' }, values(done)),
];

/** A rule about the share of failures: fires at one and a half times the threshold. */
const shareProof = (
  family: string,
  service: string,
  counter: Counted,
  threshold: number,
  early: '4m' | '90s',
): readonly Scenario[] =>
  proofOf({
    family,
    about: { namespace: 'tasks', service },
    above: [
      'more than the threshold fails',
      outcomes(service, counter, 150 * threshold, 100 - 150 * threshold),
    ],
    early,
    quiet: [
      ['exactly the threshold fails', outcomes(service, counter, 100 * threshold, 100 - 100 * threshold)],
      ['little fails and the service restarts', outcomes(service, counter, 60 * threshold, 100, restarting)],
      ['nothing is done at all', outcomes(service, counter, 0, 0)],
    ],
  });

/** A rule about a 95th percentile. `bounds` are the threshold, and the bounds of buckets before and after it. */
const latencyProof = (
  family: string,
  service: string,
  name: Timed,
  [before, threshold, after]: readonly [string, string, string],
): readonly Scenario[] =>
  proofOf({
    family,
    about: { namespace: 'tasks', service },
    above: ['one in ten takes longer', timed(service, name, { [threshold]: 9, [after]: 10, '+Inf': 10 })],
    early: '4m',
    quiet: [
      [
        'exactly one in twenty does',
        timed(service, name, { [before]: 0, [threshold]: 19, [after]: 20, '+Inf': 20 }),
      ],
      [
        'all are quick and the service restarts',
        timed(service, name, { [before]: 10, '+Inf': 10 }, restarting),
      ],
      ['nothing is done at all', timed(service, name, { [threshold]: 0, [after]: 0, '+Inf': 0 })],
    ],
  });

export const workScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'TaskOperationsFailing',
    about: { namespace: 'tasks', service: 'backend-api', operation: 'delete' },
    above: [
      'four deletions in ten fail, among many reads',
      [...operations('delete', 4, 6), ...operations('read', 0, 900)],
    ],
    early: '4m',
    quiet: [
      ['exactly a quarter fails', operations('delete', 8, 24)],
      ['a fifth fails and the service restarts', operations('delete', 2, 8, restarting)],
      ['one task cannot be deleted, once in ten minutes', operations('delete', 0.025, 0)],
    ],
  }),
  ...shareProof('RecurringTasksFailing', 'recurring-task', 'recurring_tasks_created_total', 0.05, '4m'),
  ...latencyProof('RecurringTasksLate', 'recurring-task', 'recurring_task_creation_duration_seconds_bucket', [
    '1.0',
    '2.5',
    '5.0',
  ]),
  ...shareProof('RemindersNotSent', 'notification', 'reminders_sent_total', 0.05, '4m'),
  ...latencyProof('RemindersLate', 'notification', 'reminder_delay_seconds_bucket', [
    '30.0',
    '60.0',
    '300.0',
  ]),
  ...shareProof('AuditNotWritten', 'audit', 'audit_entries_written_total', 0.01, '90s'),
  ...latencyProof('AuditWritesSlow', 'audit', 'audit_write_duration_seconds_bucket', ['0.75', '1.0', '2.5']),
  ...shareProof('SyncPushesFailing', 'sync', 'sync_changes_pushed_total', 0.05, '4m'),
  ...latencyProof('SyncBehind', 'sync', 'sync_event_latency_seconds_bucket', ['2.5', '5.0', '10.0']),
];
