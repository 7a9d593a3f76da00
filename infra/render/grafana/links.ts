import { savedQueryById } from '../../../dashboards/queries/index.ts';
import { parameters } from '../../../dashboards/queries/parameters.ts';
import { expressionOf, savedQueryUrl } from '../../../dashboards/queries/saved-query.ts';
import { datasources, traceSource } from '../../../telemetry/contract/links.ts';
import type { LogField } from '../../../telemetry/contract/logs.ts';
import { polledRoutes } from '../../../telemetry/contract/routes.ts';
import { logql, promql, renderQuery, series, stream } from '../../../telemetry/query/query.ts';
import { notMatches, variable } from '../../../telemetry/query/series.ts';

/** What Grafana puts the value of the field in place of. */
const fieldValue = '${__value.raw}';

/** Of one service: what a person wants to see first beside its lines. */
const requestsOfService = renderQuery(
  promql`sum by (service, http_response_status_code) (rate(${series(
    'http_server_request_duration_seconds_count',
    {
      service: variable('service'),
      http_route: notMatches(polledRoutes.join('|')),
    },
  )}[5m]))`,
);
const requestsOfRoute = renderQuery(
  promql`sum by (service, http_response_status_code) (rate(${series(
    'http_server_request_duration_seconds_count',
    {
      http_route: variable('http_route'),
    },
  )}[5m]))`,
);
const linesOfService = renderQuery(logql`${stream({ service: variable('service') })}`);

/** A saved query about the value of the field that the link stands on. */
const about = (id: 'trace' | 'request-across-services', parameter: 'trace_id' | 'request_id') => ({
  expression: expressionOf(savedQueryById(id)).replaceAll(parameters[parameter].example, fieldValue),
  url: savedQueryUrl(savedQueryById(id)).replaceAll(parameters[parameter].example, fieldValue),
});
const linesOfTrace = about('trace', 'trace_id');
const linesOfRequest = about('request-across-services', 'request_id');

/** A link on a log line, by the label or structured metadata that it has. */
const derived = (field: LogField | 'service', label: string, uid: string, query: string) => ({
  name: label,
  matcherType: 'label',
  matcherRegex: field,
  datasourceUid: uid,
  url: query,
  urlDisplayLabel: label,
});

/** From a log line to its trace, to all lines of its request, and to the requests of its service. */
export const derivedFields = (hasTraces: boolean) => [
  hasTraces
    ? derived('trace_id', 'Trace', traceSource.uid, fieldValue)
    : derived('trace_id', 'Lines of this trace', datasources.loki.uid, linesOfTrace.expression),
  derived('request_id', 'Lines of this request', datasources.loki.uid, linesOfRequest.expression),
  derived(
    'service',
    'Requests of this service',
    datasources.prometheus.uid,
    requestsOfService.replaceAll('$service', fieldValue),
  ),
];

/** From a point of a graph to the trace of one of its requests; to its lines where there is no trace store. */
export const exemplarDestinations = (hasTraces: boolean) => [
  hasTraces
    ? { name: 'trace_id', datasourceUid: traceSource.uid, urlDisplayLabel: 'Trace' }
    : { name: 'trace_id', url: linesOfTrace.url, urlDisplayLabel: 'Lines of this trace' },
];

/** From a row of a Prometheus table to the lines of its service. */
export const logsOfLabels = () => ({
  targetUID: datasources.loki.uid,
  type: 'query',
  label: 'Lines of this service',
  description: 'What the service of this series wrote in the same time',
  config: {
    field: 'service',
    target: { refId: 'A', expr: linesOfService, queryType: 'range', editorMode: 'code' },
  },
});

/** From a log line about a request to how often, and how, its route is answered. */
export const routeOfLine = () => ({
  targetUID: datasources.prometheus.uid,
  type: 'query',
  label: 'Requests of this route',
  description: 'Rate of requests of the route that the line is about, by status',
  config: {
    field: 'Line',
    target: { refId: 'A', expr: requestsOfRoute, range: true, instant: false, editorMode: 'code' },
    transformations: [{ type: 'regex', expression: '"http_route":"([^"]+)"', mapValue: 'http_route' }],
  },
});

/** From a span to the lines of its trace, and to the requests of its service. */
export const traceLinks = () => ({
  tracesToLogsV2: {
    datasourceUid: datasources.loki.uid,
    spanStartTimeShift: '-5m',
    spanEndTimeShift: '5m',
    customQuery: true,
    query: linesOfTrace.expression.replaceAll(fieldValue, '${__trace.traceId}'),
  },
  tracesToMetrics: {
    datasourceUid: datasources.prometheus.uid,
    spanStartTimeShift: '-5m',
    spanEndTimeShift: '5m',
    tags: [{ key: 'service.name', value: 'service' }],
    queries: [
      {
        name: 'Requests of this service',
        query: requestsOfService.replace(/service=~"\$service"/, '$$__tags'),
      },
    ],
  },
});
