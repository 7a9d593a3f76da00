import { type Scenario, sample, subject } from '../scenario.ts';
import type { Counted, Timed } from '../work.ts';
import { type Pace, paced, plus } from './counter.ts';
import { shareEdges } from './share-edges.ts';

interface Failing {
  readonly service: string;
  readonly above: { readonly part: number; readonly whole: number };
  readonly guard?: number;
  readonly holds: number;
}

const failing = (family: string, counter: Counted, { service, ...edges }: Failing): readonly Scenario[] =>
  shareEdges({
    family,
    firing: { severity: 'warning', ...subject(service) },
    samples: (failed, fine) => [
      sample(service, counter, { outcome: 'failure' }, paced(failed)),
      sample(service, counter, { outcome: 'success' }, paced(fine)),
    ],
    window: 300,
    ...edges,
  });

/** `bound` is the threshold, `next` the bucket after it. */
const late = (
  family: string,
  timed: Timed,
  service: string,
  bound: string,
  next: string,
): readonly Scenario[] =>
  shareEdges({
    family,
    firing: { severity: 'warning', ...subject(service) },
    samples: (slow: Pace, quick: Pace) => [
      sample(service, timed, { le: bound }, paced(quick)),
      sample(service, timed, { le: next }, paced(plus(slow, quick))),
      sample(service, timed, { le: '+Inf' }, paced(plus(slow, quick))),
    ],
    above: { part: 1, whole: 20 },
    window: 300,
    holds: 300,
  });

const operations = (outcome: 'success' | 'failure', pace: Pace) =>
  sample('backend-api', 'task_operations_total', { operation: 'create', outcome }, paced(pace));

const twentieth = { part: 1, whole: 20 } as const;

export const workEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'TaskOperationsFailing',
    firing: { severity: 'warning', operation: 'create', ...subject('backend-api') },
    samples: (failed, fine) => [operations('failure', failed), operations('success', fine)],
    above: { part: 1, whole: 4 },
    guard: 0.005,
    window: 300,
    holds: 300,
  }),
  ...failing('RecurringTasksFailing', 'recurring_tasks_created_total', {
    service: 'recurring-task',
    above: twentieth,
    guard: 0.005,
    holds: 300,
  }),
  ...failing('RemindersNotSent', 'reminders_sent_total', {
    service: 'notification',
    above: twentieth,
    holds: 300,
  }),
  ...failing('AuditNotWritten', 'audit_entries_written_total', {
    service: 'audit',
    above: { part: 1, whole: 100 },
    holds: 120,
  }),
  ...failing('SyncPushesFailing', 'sync_changes_pushed_total', {
    service: 'sync',
    above: twentieth,
    guard: 0.005,
    holds: 300,
  }),
  ...late(
    'RecurringTasksLate',
    'recurring_task_creation_duration_seconds_bucket',
    'recurring-task',
    '2.5',
    '5',
  ),
  ...late('RemindersLate', 'reminder_delay_seconds_bucket', 'notification', '60', '300'),
  ...late('AuditWritesSlow', 'audit_write_duration_seconds_bucket', 'audit', '1', '2.5'),
  ...late('SyncBehind', 'sync_event_latency_seconds_bucket', 'sync', '5', '10'),
];
