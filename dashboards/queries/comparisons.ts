import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { field, logql, type PromqlQuery, promql, series, stream } from '../../telemetry/query/query.ts';
import { matches, notMatches, oneOf } from '../../telemetry/query/series.ts';
import { type SavedQuery, savedQuery } from './saved-query.ts';

const ourServices = oneOf(serviceNames);
const broken = oneOf(['ERROR', 'CRITICAL'] as const satisfies readonly LogLevel[]);
const asked = { http_route: notMatches(polledRoutes.join('|')) } as const;

/** Requests a second by version: only the build knows it, and shares the process's labels. */
const byVersion = (requests: PromqlQuery): PromqlQuery => promql<string>`
  sum by (service, version) (${requests}
    * on (cluster, environment, namespace, service, pod, instance) group_left (version) ${series('service_build_info')})`;

/** What stands out among others. */
export const comparisonQueries: readonly SavedQuery[] = [
  savedQuery({
    id: 'error-bursts-by-pattern',
    title: 'Error bursts by pattern',
    question: 'Which ten errors are most frequent when their numbers and ids are left out?',
    whenToUse: 'Errors burst: see whether they are one kind or many, and which kind is new.',
    alerts: ['ErrorLogBurst-warning', 'ErrorsOfOneKind-warning', 'ComponentErrors-warning'],
    parameters: [],
    query: () => logql`
      topk(10, sum by (service, message) (count_over_time(${stream({ level: broken })} | json ${field('message')}
      | label_format message=\`{{ regexReplaceAll "[0-9a-fA-F-]{16,}|[0-9]+" .message "_" }}\` [5m])))`,
    beside: () => promql`sum by (service) (rate(${series('log_lines_total', { level: broken })}[5m]))`,
  }),
  savedQuery({
    id: 'noisy-loggers',
    title: 'Noisy loggers',
    question: 'Which ten loggers write most lines, and at which level?',
    whenToUse: 'The volume of logs rises, or Promtail falls behind: the first of them is what to turn down.',
    alerts: ['PromtailBehind-warning'],
    parameters: [],
    query: () => logql`
      topk(10, sum by (service, logger, level) (count_over_time(${stream({ service: ourServices, log_format: 'json' })} [5m])))`,
    beside: () => promql`sum by (service, level) (rate(${series('log_lines_total')}[5m]))`,
  }),
  savedQuery({
    id: 'slow-consumers',
    title: 'Slow consumers',
    question: 'Which subscriber falls behind, on which topic, and by how many events?',
    whenToUse: 'Updates or reminders come late. Beside it: what its deliveries say.',
    alerts: ['EventLagHigh-warning', 'StalledConsumer-warning', 'EventLatencyHigh-warning'],
    parameters: [],
    query: () => promql`sort_desc(max by (service, topic) (${series('event_consumer_lag')}) > 0)`,
    beside: () => logql`
      ${stream({ service: ourServices, level: oneOf(['WARNING', 'ERROR']) })} | ${field('logger')} = "events.bus"`,
  }),
  savedQuery({
    id: 'deploy-comparison',
    title: 'Deploy comparison',
    question: 'Does the new version of a service answer with more errors than the old one?',
    whenToUse:
      'During and after a deployment: a line a version, share of requests that failed. A line that steps up is a reason to go back.',
    alerts: ['HighErrorRatio-warning', 'ServiceRestarting-warning'],
    parameters: ['service'],
    query: ({ service }) => {
      const all = promql`rate(${series('http_server_request_duration_seconds_count', { ...asked, service })}[5m])`;
      const failed = promql`rate(${series('http_server_request_duration_seconds_count', { ...asked, service, http_response_status_code: matches('5..') })}[5m])`;
      // A version without any failure has no series of failed requests: its share is 0, not absent.
      return promql`(${byVersion(failed)} or 0 * ${byVersion(all)}) / ${byVersion(all)}`;
    },
    beside: ({ service }) => logql`${stream({ service, level: broken })}`,
  }),
];
