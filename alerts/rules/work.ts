import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, quantileOf, rateOf, shareOf } from './common.ts';
import { taskWork } from './dashboards.ts';

const aboutWork = {
  severity: 'warning',
  by: identity,
  dashboard: taskWork,
  logs: failureLogs,
} as const;
const where = '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';

/** What each service is there for. */
export const workRules = alertRules([
  {
    ...aboutWork,
    name: 'TaskOperationsFailing',
    expr: promql`
      ${shareOf(series('task_operations_total', { outcome: 'failure' }), series('task_operations_total'), 'operation')}
      > ${threshold('task_operation_failure_ratio_warning')}
      and ${rateOf(series('task_operations_total'), 'operation')} > ${threshold('minimum_work_rate')}`,
    for: { duration: '5m', because: 'a lock or a restart fails a few of them and is over' },
    by: [...identity, 'operation'],
    summary: '{{ $value | humanizePercentage }} of the {{ $labels.operation }} operations on tasks fail',
    description: `One thing that people do with tasks is broken at ${where}: {{ $labels.operation }} fails in {{ $value | humanizePercentage }} of cases, which the share of all failed requests may hide.`,
    runbook: 'task-operations-failing',
  },
  {
    ...aboutWork,
    name: 'RecurringTasksFailing',
    expr: promql`
      ${shareOf(series('recurring_tasks_created_total', { outcome: 'failure' }), series('recurring_tasks_created_total'))}
      > ${threshold('recurring_failure_ratio_warning')}
      and ${rateOf(series('recurring_tasks_created_total'))} > ${threshold('minimum_work_rate')}`,
    for: { duration: '5m', because: 'an occurrence that failed is tried again by itself' },
    summary: '{{ $value | humanizePercentage }} of the next occurrences cannot be created',
    description: `${where} fails to create {{ $value | humanizePercentage }} of the next occurrences of recurring tasks: people complete a task and it does not come back.`,
    runbook: 'recurring-tasks-failing',
  },
  {
    ...aboutWork,
    name: 'RecurringTasksLate',
    expr: promql`
      ${quantileOf(0.95, series('recurring_task_creation_duration_seconds_bucket'))}
      > ${threshold('recurring_duration_p95_warning')}`,
    for: { duration: '5m', because: 'backend-api is slow for a moment while it starts' },
    summary: 'Creating the next occurrence takes {{ $value | humanizeDuration }}',
    description: `One next occurrence in twenty takes ${where} longer than {{ $value | humanizeDuration }}, the call to backend-api included.`,
    runbook: 'recurring-tasks-late',
  },
  {
    ...aboutWork,
    name: 'RemindersNotSent',
    expr: promql`
      ${shareOf(series('reminders_sent_total', { outcome: 'failure' }), series('reminders_sent_total'))}
      > ${threshold('reminder_failure_ratio_warning')}`,
    for: { duration: '5m', because: 'a reminder that failed is sent again by itself' },
    summary: '{{ $value | humanizePercentage }} of the reminders cannot be sent',
    description: `${where} fails to send {{ $value | humanizePercentage }} of the reminders that come due.`,
    runbook: 'reminders-not-sent',
  },
  {
    ...aboutWork,
    name: 'RemindersLate',
    expr: promql`
      ${quantileOf(0.95, series('reminder_delay_seconds_bucket'))}
      > ${threshold('reminder_delay_p95_warning')}`,
    for: { duration: '5m', because: 'what came due during a restart is late by nature, and soon sent' },
    summary: 'Reminders are {{ $value | humanizeDuration }} late',
    description: `One reminder in twenty leaves ${where} more than {{ $value | humanizeDuration }} after it was due.`,
    runbook: 'reminders-late',
  },
  {
    ...aboutWork,
    name: 'AuditNotWritten',
    expr: promql`
      ${shareOf(series('audit_entries_written_total', { outcome: 'failure' }), series('audit_entries_written_total'))}
      > ${threshold('audit_failure_ratio_warning')}`,
    for: { duration: '2m', because: 'the event of an entry that failed is delivered again' },
    summary: '{{ $value | humanizePercentage }} of the audit entries cannot be written',
    description: `${where} fails to write {{ $value | humanizePercentage }} of the entries of the audit trail. Their events are kept and come again until they end among the dead letters.`,
    runbook: 'audit-not-written',
  },
  {
    ...aboutWork,
    name: 'AuditWritesSlow',
    expr: promql`
      ${quantileOf(0.95, series('audit_write_duration_seconds_bucket'))}
      > ${threshold('audit_write_p95_warning')}`,
    for: { duration: '5m', because: 'a checkpoint of the database holds up a few writes' },
    summary: 'Writing an audit entry takes {{ $value | humanizeDuration }}',
    description: `One entry in twenty takes ${where} longer than {{ $value | humanizeDuration }} to write durably: the trail falls behind when there is more to do.`,
    runbook: 'audit-writes-slow',
  },
  {
    ...aboutWork,
    name: 'SyncPushesFailing',
    expr: promql`
      ${shareOf(series('sync_changes_pushed_total', { outcome: 'failure' }), series('sync_changes_pushed_total'))}
      > ${threshold('sync_failure_ratio_warning')}
      and ${rateOf(series('sync_changes_pushed_total'))} > ${threshold('minimum_work_rate')}`,
    for: { duration: '5m', because: 'a push that failed is tried again by itself' },
    summary: '{{ $value | humanizePercentage }} of the changes cannot be handed on to clients',
    description: `${where} fails to hand on {{ $value | humanizePercentage }} of the changes: people look at stale tasks.`,
    runbook: 'sync-pushes-failing',
  },
  {
    ...aboutWork,
    name: 'SyncBehind',
    expr: promql`
      ${quantileOf(0.95, series('sync_event_latency_seconds_bucket'))}
      > ${threshold('sync_latency_p95_warning')}`,
    for: { duration: '5m', because: 'after an outage the backlog is old by nature, and soon worked off' },
    summary: 'Live updates are {{ $value | humanizeDuration }} behind',
    description: `One change in twenty passes through ${where} more than {{ $value | humanizeDuration }} after it was made: “live” updates are not.`,
    runbook: 'sync-behind',
  },
]);
