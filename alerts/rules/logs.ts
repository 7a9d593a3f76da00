import { credentials, lastWords } from '../../telemetry/contract/log-patterns.ts';
import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import { field, type LogqlQuery, logql, stream, threshold } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { type LogAlertRule, labelHole } from '../rule.ts';
import { identity, ourServices } from './common.ts';
import { logs as itsLogs } from './dashboards.ts';
import { linesOf, saying } from './log-queries.ts';

const broken = oneOf(['ERROR', 'CRITICAL'] as const satisfies readonly LogLevel[]);
const itsService = { service: labelHole('service') };
const where = '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';

const hole = (label: string): LogqlQuery => ({
  language: 'logql',
  parts: [{ kind: 'text', text: labelHole(label) }],
});

/** What the lines of any service or component say is wrong with it. Each tells what no metric can. */
export const logRules: readonly LogAlertRule[] = [
  {
    // ErrorLogBurst counts all errors of a service: one kind that is new hides among those that are usual.
    name: 'ErrorsOfOneKind',
    severity: 'warning',
    expr: logql`
      ${linesOf(logql`${stream({ service: ourServices, level: broken })} | json ${field('error_type')} | ${field('error_type')} != ""`, '5m', 'error_type')}
      > ${threshold('error_lines_of_one_kind_warning')}`,
    for: { duration: '3m', because: 'a dependency that restarts fails many requests at once, and is back' },
    by: [...identity, 'error_type'],
    summary: '{{ $labels.service }} logs {{ $value }} errors of type {{ $labels.error_type }}',
    description: `{{ $value }} lines of ${where} in five minutes tell of the same error, {{ $labels.error_type }}.`,
    runbook: 'errors-of-one-kind',
    dashboard: itsLogs,
    logs: logql`${stream({ ...itsService, level: broken })} | json ${field('error_type')} | ${field('error_type')} = "${hole('error_type')}"`,
  },
  {
    // Components count their errors in metrics of many names, or of none; all of them write lines.
    name: 'ComponentErrors',
    severity: 'warning',
    expr: logql`
      ${linesOf(logql`${stream({ namespace: namespaces.stack, level: broken })}`, '10m')}
      > ${threshold('component_error_lines_warning')}`,
    for: { duration: '5m', because: 'while a component restarts, those that need it complain' },
    by: identity,
    summary: '{{ $labels.service }} logs {{ $value }} errors in ten minutes',
    description: `${where}, a part of the observability stack, keeps writing lines of level ERROR.`,
    runbook: 'component-errors',
    dashboard: itsLogs,
    logs: logql`${stream({ ...itsService, level: broken })}`,
  },
  {
    // Its counter of lines dies with a process before it is scraped; the line is written.
    name: 'CriticalLogged',
    severity: 'warning',
    expr: logql`${linesOf(logql`${stream({ level: 'CRITICAL' })}`, '10m')} > 0`,
    // No `for`: one such line is the end of a process.
    by: identity,
    summary: '{{ $labels.service }} logged {{ $value }} critical line(s)',
    description: `${where} wrote what it could not go on from, such as an error that nobody caught.`,
    runbook: 'critical-logged',
    dashboard: itsLogs,
    logs: logql`${stream({ ...itsService, level: 'CRITICAL' })}`,
  },
  {
    // ServiceRestarting sees that a process began anew; only its last words say why it ended.
    name: 'ProcessCrashed',
    severity: 'warning',
    expr: logql`${linesOf(logql`${stream({ log_format: 'text' })} ${saying(lastWords)}`, '10m')} > 0`,
    // No `for`: it has crashed.
    by: identity,
    summary: '{{ $labels.service }} crashed',
    description: `The runtime of ${where} wrote its last words in plain text: a panic, a full heap or a broken memory access.`,
    runbook: 'process-crashed',
    dashboard: itsLogs,
    logs: logql`${stream({ ...itsService, log_format: 'text' })}`,
  },
  {
    // UnparsedLogLines counts in Promtail, which cannot say whose the lines are.
    name: 'ServiceLogsNotJson',
    severity: 'info',
    expr: logql`
      ${linesOf(logql`${stream({ service: ourServices, log_format: 'text' })}`, '15m')}
      > ${threshold('plain_text_lines_info')}`,
    // No `for`: a quarter of an hour of lines is looked at.
    by: identity,
    summary: '{{ $labels.service }} wrote {{ $value }} lines that are not JSON',
    description: `{{ $value }} lines of ${where} in fifteen minutes have no level, request or trace id: no other rule about logs sees them.`,
    runbook: 'service-logs-not-json',
    dashboard: itsLogs,
    logs: logql`${stream({ ...itsService, log_format: 'text' })}`,
  },
  {
    // The logger leaves out fields by name; what is in a text it does not know.
    name: 'CredentialsLogged',
    severity: 'warning',
    expr: logql`${linesOf(logql`${stream({ service: ourServices })} ${saying(credentials)}`, '15m')} > 0`,
    // No `for`: it is out.
    by: identity,
    summary: '{{ $labels.service }} writes credentials into its logs',
    description: `{{ $value }} line(s) of ${where} in fifteen minutes hold what looks like a private key or a token. Everybody who can read logs can use it.`,
    runbook: 'credentials-logged',
    dashboard: itsLogs,
    logs: logql`${stream(itsService)} ${saying(credentials)}`,
  },
];
