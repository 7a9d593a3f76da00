import type { ThresholdName } from '../../telemetry/contract/thresholds.ts';
import { promql, type SeriesPart, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, selectedStreams as where } from './common.ts';
import { panelKit } from './kit.ts';
import { quantileOf, rateOf, shareOf } from './queries.ts';
import { outcomeColors } from './visuals.ts';

interface FailingWork {
  readonly width?: number;
  readonly title: string;
  readonly description: string;
  readonly runbook: string;
  readonly savedQuery?: string;
  readonly limit: ThresholdName;
  readonly failed: SeriesPart;
  readonly all: SeriesPart;
}

/** Share of one kind of work that fails, by service. */
const failing = (context: PanelContext, { limit, failed, all, ...about }: FailingWork): PanelSpec =>
  panelKit(context).line({
    ...about,
    unit: 'percentunit',
    limits: { warning: limit },
    asks: [[shareOf(failed, all, 'service'), '{{service}}']],
  });

interface LateWork extends Omit<FailingWork, 'failed' | 'all'> {
  readonly buckets: SeriesPart;
}

/** How long one kind of work takes, or how late it is, by service. */
const late = (context: PanelContext, { limit, buckets, ...about }: LateWork): PanelSpec =>
  panelKit(context).line({
    ...about,
    unit: 's',
    limits: { warning: limit },
    asks: [[quantileOf(0.95, buckets, 'service'), '{{service}}']],
  });

const failures = { ...where, outcome: 'failure' } as const;

export function taskPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const all = series('task_operations_total', where);
  return [
    line({
      title: 'Operations on tasks',
      description: 'A second, by what is done. One that falls to nothing alone: that button is broken.',
      unit: 'ops',
      width: 12,
      asks: [[rateOf(all, 'service', 'operation'), '{{service}} {{operation}}']],
    }),
    line({
      title: 'Operations that fail',
      savedQuery: 'task-creation-failures',
      description:
        'Share by what is done. Above the dashed line one thing that people do is broken, which the share of all requests may hide: read the errors of backend-api.',
      unit: 'percentunit',
      width: 12,
      runbook: 'task-operations-failing',
      limits: { warning: 'task_operation_failure_ratio_warning' },
      asks: [
        [
          shareOf(series('task_operations_total', failures), all, 'service', 'operation'),
          '{{service}} {{operation}}',
        ],
      ],
    }),
  ];
}

export function loginPanels(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  const all = series('auth_attempts_total', where);
  return [
    stack({
      title: 'Logins by outcome',
      savedQuery: 'authentication-failures',
      description:
        'Attempts a second. Many failures and few accounts: somebody guesses passwords. All fail: the check is broken.',
      unit: 'ops',
      width: 12,
      colors: outcomeColors,
      runbook: 'password-guessing',
      asks: [[rateOf(all, 'outcome'), '{{outcome}}']],
    }),
    failing(context, {
      title: 'Logins that fail',
      savedQuery: 'authentication-failures',
      description:
        'Share of attempts. Above the dashed line people mistype less than that: see whose accounts in the logs.',
      runbook: 'authentication-failures',
      limit: 'auth_failure_ratio_warning',
      failed: series('auth_attempts_total', failures),
      all,
    }),
  ];
}

export function recurringPanels(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  const all = series('recurring_tasks_created_total', where);
  return [
    stack({
      title: 'Next occurrences by outcome',
      description: 'A second. None while recurring tasks are completed: the service gets no events.',
      unit: 'ops',
      colors: outcomeColors,
      asks: [[rateOf(all, 'outcome'), '{{outcome}}']],
    }),
    failing(context, {
      title: 'Occurrences not created',
      description:
        'Share. Above the dashed line a completed task does not come back: can the service reach backend-api?',
      runbook: 'recurring-tasks-failing',
      limit: 'recurring_failure_ratio_warning',
      failed: series('recurring_tasks_created_total', failures),
      all,
    }),
    late(context, {
      title: 'Time to create one, p95',
      description:
        'The call to backend-api included. Above the dashed line look at the latency of backend-api first.',
      runbook: 'recurring-tasks-late',
      limit: 'recurring_duration_p95_warning',
      buckets: series('recurring_task_creation_duration_seconds_bucket', where),
    }),
  ];
}

export function reminderPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const all = series('reminders_sent_total', where);
  return [
    line({
      title: 'Reminders',
      description:
        'Scheduled and sent, a second. Scheduled without end and none sent: the scheduler is stuck.',
      unit: 'ops',
      width: 6,
      asks: [
        [rateOf(series('reminders_scheduled_total', where), 'service'), '{{service}}: scheduled'],
        [rateOf(all, 'service'), '{{service}}: due'],
      ],
    }),
    line({
      title: 'Reminders pending',
      description: 'Scheduled and not yet due. A cliff without as many sent: they were lost in a restart.',
      unit: 'short',
      width: 6,
      asks: [[promql`sum by (service) (${series('reminders_pending', where)})`, '{{service}}']],
    }),
    failing(context, {
      width: 6,
      title: 'Reminders not sent',
      description:
        'Share of those that came due. Above the dashed line people are not reminded: see the errors of notification.',
      runbook: 'reminders-not-sent',
      limit: 'reminder_failure_ratio_warning',
      failed: series('reminders_sent_total', failures),
      all,
    }),
    late(context, {
      width: 6,
      title: 'Reminders late, p95',
      description:
        'From due to sent. Above the dashed line for longer than after a restart: the service has too much to do.',
      runbook: 'reminders-late',
      limit: 'reminder_delay_p95_warning',
      buckets: series('reminder_delay_seconds_bucket', where),
    }),
  ];
}

export function syncPanels(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  const all = series('sync_changes_pushed_total', where);
  return [
    stack({
      title: 'Changes handed on by outcome',
      description:
        'A second. None while tasks change: the sync service gets no events, or nobody is connected.',
      unit: 'ops',
      colors: outcomeColors,
      asks: [[rateOf(all, 'outcome'), '{{outcome}}']],
    }),
    failing(context, {
      title: 'Changes not handed on',
      description: 'Share. Above the dashed line people look at stale tasks: can sync reach backend-api?',
      runbook: 'sync-pushes-failing',
      limit: 'sync_failure_ratio_warning',
      failed: series('sync_changes_pushed_total', failures),
      all,
    }),
    late(context, {
      title: 'Change to hand-over, p95',
      description:
        'Above the dashed line “live” updates are not. After an outage it is high until the backlog is worked off.',
      runbook: 'sync-behind',
      limit: 'sync_latency_p95_warning',
      buckets: series('sync_event_latency_seconds_bucket', where),
    }),
  ];
}

export function auditPanels(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  const all = series('audit_entries_written_total', where);
  return [
    stack({
      title: 'Audit entries by outcome',
      description: 'A second. None while tasks change: the trail has a hole; see the lag of audit.',
      unit: 'ops',
      colors: outcomeColors,
      runbook: 'audit-silent',
      asks: [[rateOf(all, 'outcome'), '{{outcome}}']],
    }),
    failing(context, {
      title: 'Audit entries not written',
      description:
        'Share. Above the dashed line their events come again until they end among the dead letters: database or disk.',
      runbook: 'audit-not-written',
      limit: 'audit_failure_ratio_warning',
      failed: series('audit_entries_written_total', failures),
      all,
    }),
    late(context, {
      title: 'Time to write one, p95',
      description:
        'Durably. Above the dashed line the trail falls behind when there is more to do: the disk, or the database.',
      runbook: 'audit-writes-slow',
      limit: 'audit_write_p95_warning',
      buckets: series('audit_write_duration_seconds_bucket', where),
    }),
  ];
}
