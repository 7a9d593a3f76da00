import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { field, logql, promql, series, stream } from '../../telemetry/query/query.ts';
import { not, oneOf } from '../../telemetry/query/series.ts';
import { amount, literal } from './parameters.ts';
import { type SavedQuery, savedQuery } from './saved-query.ts';

const ours = stream({ service: oneOf(serviceNames), log_format: 'json' });

/** What one user, request or trace did, in every service. */
export const journeyQueries: readonly SavedQuery[] = [
  savedQuery({
    id: 'user-activity',
    title: 'User activity traces',
    question: 'What did one user do, in all services and in order?',
    whenToUse: 'A person reports something. Lines of one `trace_id` belong to one click.',
    alerts: ['TaskCreationFailsForUsers-warning', 'WebSocketFlapping-info'],
    parameters: ['user_id'],
    query: ({ user_id }) => logql`${ours} | ${field('user_id')} = ${literal(user_id)}`,
  }),
  savedQuery({
    id: 'request-across-services',
    title: 'One request across services',
    question: 'What happened because of one request, the events it published included?',
    whenToUse: 'An answer was an error or slow, and its header `X-Request-ID` is at hand.',
    alerts: ['HighErrorRatio-warning'],
    parameters: ['request_id'],
    query: ({ request_id }) => logql`${ours} | ${field('request_id')} = ${literal(request_id)}`,
  }),
  savedQuery({
    id: 'trace',
    title: 'One trace',
    question: 'Which lines belong to one trace?',
    whenToUse: 'From an exemplar of a graph, or from a trace store, to the lines.',
    alerts: ['HighLatency-warning'],
    parameters: ['trace_id'],
    query: ({ trace_id }) => logql`${ours} | ${field('trace_id')} = ${literal(trace_id)}`,
  }),
  savedQuery({
    id: 'high-latency-requests',
    title: 'High-latency requests',
    question: 'Which requests took longer than so many milliseconds?',
    whenToUse:
      'A percentile rises: see whether it is one route, one user, or everything. Probes and scrapes are left out.',
    alerts: ['HighLatency-warning', 'RequestsPileUp-warning'],
    parameters: ['milliseconds'],
    query: ({ milliseconds }) => logql`
      ${stream({ service: oneOf(serviceNames), log_format: 'json', level: not('DEBUG') })}
      | ${field('logger')} = "http.server" | json ${field('http_route')}, ${field('duration_ms')}
      | ${field('http_route')} !~ ${literal(polledRoutes.join('|'))} | ${field('duration_ms')} > ${amount(milliseconds)}`,
    beside: () => promql`
      histogram_quantile(0.95, sum by (service, http_route, le) (rate(${series('http_server_request_duration_seconds_bucket')}[5m])))`,
  }),
];
