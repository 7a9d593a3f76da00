import { eventSeconds, requestSeconds } from './buckets.ts';
import type { MetricLabel } from './labels.ts';
import type { ServiceName } from './services.ts';
import type { MetricDefinition } from './types.ts';

/** What each service emits about its own work. */
export const domainMetrics = {
  task_operations_total: {
    type: 'counter',
    unit: 'operations',
    help: 'Operations on tasks, by outcome',
    labels: ['operation', 'outcome'],
    services: ['backend-api'],
  },
  auth_attempts_total: {
    type: 'counter',
    unit: 'attempts',
    help: 'Login attempts, by outcome',
    labels: ['outcome'],
    services: ['backend-api'],
  },
  recurring_tasks_created_total: {
    type: 'counter',
    unit: 'tasks',
    help: 'Next occurrences of recurring tasks, by outcome',
    labels: ['outcome'],
    services: ['recurring-task'],
  },
  recurring_task_creation_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to create the next occurrence, the call to backend-api included',
    labels: [],
    buckets: requestSeconds,
    services: ['recurring-task'],
  },
  reminders_scheduled_total: {
    type: 'counter',
    unit: 'reminders',
    help: 'Reminders scheduled',
    labels: [],
    services: ['notification'],
  },
  reminders_sent_total: {
    type: 'counter',
    unit: 'reminders',
    help: 'Reminders that came due, by whether they were sent',
    labels: ['outcome'],
    services: ['notification'],
  },
  reminders_pending: {
    type: 'gauge',
    unit: 'reminders',
    help: 'Reminders scheduled and not yet due',
    labels: [],
    services: ['notification'],
  },
  reminder_delay_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from when a reminder was due to when it was sent',
    labels: [],
    buckets: eventSeconds,
    services: ['notification'],
  },
  sync_changes_pushed_total: {
    type: 'counter',
    unit: 'events',
    help: 'Changes handed on to connected clients, by outcome',
    labels: ['outcome'],
    services: ['sync'],
  },
  sync_event_latency_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the change of a task to its hand-over to connected clients',
    labels: [],
    buckets: eventSeconds,
    services: ['sync'],
  },
  audit_entries_written_total: {
    type: 'counter',
    unit: 'entries',
    help: 'Entries of the audit trail, by whether they were written',
    labels: ['outcome'],
    services: ['audit'],
  },
  audit_write_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to write an audit entry durably',
    labels: [],
    buckets: requestSeconds,
    services: ['audit'],
  },
} as const satisfies Record<string, MetricDefinition<MetricLabel, ServiceName>>;
