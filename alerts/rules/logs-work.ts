import { storageDamage } from '../../telemetry/contract/log-patterns.ts';
import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { field, line, logql, stream, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import type { LogAlertRule } from '../rule.ts';
import { identity, ourServices } from './common.ts';
import { eventProcessing, serviceOverview, taskWork, websocket } from './dashboards.ts';
import { byIdentity, fieldIs, fieldSaying, linesOf } from './log-queries.ts';

const about = { severity: 'warning', by: identity } as const;
const where = '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';
const failing = oneOf(['WARNING', 'ERROR', 'CRITICAL'] as const satisfies readonly LogLevel[]);

const refused = logql`${line('login_refused')}`;
const taskNotCreated = logql`
  ${line('request_failed', { service: 'backend-api' })} | json ${field('http_request_method')}, ${field('http_route')}
  ${fieldIs('http_request_method', 'POST')} ${fieldIs('http_route', '/tasks')} | ${field('user_id')} != ""`;
const dropped = logql`
  ${line('websocket_disconnected')} | json ${field('reason')} ${fieldIs('reason', 'dropped', 'slow_client', 'error')}`;
const damaged = logql`
  ${stream({ service: ourServices, level: failing })} | json ${field('error_message')} ${fieldSaying('error_message', storageDamage)}`;
const audited = logql`
  ${line('event_published')} | json ${field('topic')} ${fieldIs('topic', 'task-events', 'reminders')}`;
const entries = logql`${line('audit_entry_written')}`;

/** What the services' own lines say about their work: whom it hits, and why. */
export const workLogRules: readonly LogAlertRule[] = [
  {
    ...about,
    // AuthenticationFailures looks at the share of all logins, which people who log in keep low.
    name: 'PasswordGuessing',
    expr: logql`
      max by (${byIdentity}) (${linesOf(refused, '5m', 'user_id')})
      > ${threshold('account_login_failures_warning')}`,
    // No `for`: nobody mistypes that often.
    summary: '{{ $value }} logins of one account at {{ $labels.service }} were refused',
    description: `Somebody tries password after password for one account at ${where}: {{ $value }} in five minutes.`,
    runbook: 'password-guessing',
    dashboard: taskWork,
    logs: refused,
  },
  {
    ...about,
    // One or two failures an account: neither a share nor a count by account shows it.
    name: 'PasswordSpraying',
    expr: logql`
      count by (${byIdentity}) (${linesOf(refused, '10m', 'user_id')})
      > ${threshold('refused_accounts_warning')}`,
    for: { duration: '2m', because: 'people whose sessions end together mistype together' },
    summary: 'Logins of {{ $value }} accounts at {{ $labels.service }} were refused',
    description: `Within ten minutes {{ $value }} different accounts were refused at ${where}: somebody tries a few passwords on everybody, or the check of passwords is broken.`,
    runbook: 'password-spraying',
    dashboard: taskWork,
    logs: refused,
  },
  {
    ...about,
    // TaskOperationsFailing gives a share; this tells how many people it is about.
    name: 'TaskCreationFailsForUsers',
    expr: logql`
      count by (${byIdentity}) (${linesOf(taskNotCreated, '10m', 'user_id')})
      > ${threshold('users_without_tasks_warning')}`,
    for: { duration: '2m', because: 'a restart fails the requests that are under way' },
    summary: '{{ $value }} users cannot create tasks',
    description: `${where} failed to create tasks for {{ $value }} different users in ten minutes.`,
    runbook: 'task-creation-fails-for-users',
    dashboard: taskWork,
    logs: taskNotCreated,
  },
  {
    ...about,
    // EventPublishErrors is silent at low traffic; the outbox tries again whether or not anybody changes anything.
    name: 'OutboxWaiting',
    expr: logql`
      max_over_time(${line('outbox_waiting')} | json ${field('attempt')} | unwrap ${field('attempt')} | __error__ = "" [2m]) by (${byIdentity})
      > ${threshold('outbox_attempts_warning')}`,
    // No `for`: that many attempts take minutes.
    summary: 'The outbox of {{ $labels.service }} has waited for {{ $value }} attempts',
    description: `${where} has tried {{ $value }} times in a row to publish its oldest event. Nothing is lost, and nobody else learns of what changes.`,
    runbook: 'outbox-waiting',
    dashboard: eventProcessing,
    logs: logql`${line('outbox_waiting')}`,
  },
  {
    name: 'StorageDamaged',
    severity: 'critical',
    earned: {
      as: 'data loss',
      because: 'a database that is malformed or cannot be written has lost data already, or loses what comes',
    },
    // DatabaseErrors needs a share of failures, and does not know which failure loses data: here one is enough.
    expr: logql`${linesOf(damaged, '10m')} > 0`,
    // No `for`: it does not mend itself.
    by: identity,
    summary: 'The database of {{ $labels.service }} is damaged or cannot be written',
    description: `{{ $value }} error(s) of ${where} in ten minutes say that its storage is malformed, full, read-only or fails.`,
    runbook: 'storage-damaged',
    dashboard: serviceOverview,
    logs: damaged,
  },
  {
    ...about,
    severity: 'info',
    // WebSocketDropRate looks at all connections: one user's that keeps breaking does not move it.
    name: 'WebSocketFlapping',
    expr: logql`
      max by (${byIdentity}) (${linesOf(dropped, '10m', 'user_id')})
      > ${threshold('user_connection_drops_info')}`,
    // No `for`: the window is long enough.
    summary: 'One user lost {{ $value }} connections to {{ $labels.service }} in ten minutes',
    description: `The live updates of one user of ${where} break again and again: {{ $value }} connections were cut in ten minutes.`,
    runbook: 'websocket-flapping',
    dashboard: websocket,
    logs: dropped,
  },
  {
    severity: 'warning',
    name: 'AuditSilent',
    // Two witnesses of their own: also true when audit is not subscribed, and so has neither lag nor failures.
    expr: logql`
      label_replace(
        sum by (cluster, environment, namespace) (count_over_time(${audited} [10m])) > 0
        unless sum by (cluster, environment, namespace) (count_over_time(${entries} [10m])),
        "service", "audit", "", "")`,
    for: { duration: '2m', because: 'an entry is written seconds after its event was published' },
    by: identity,
    summary: 'Events are published and none is audited',
    description: `{{ $value }} events that belong into the audit trail were published in ten minutes, and ${where} wrote no entry.`,
    runbook: 'audit-silent',
    dashboard: taskWork,
    logs: logql`${stream({ service: 'audit' })}`,
  },
];
