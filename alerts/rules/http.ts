import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { matches, notMatches } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, ourServices } from './common.ts';
import { serviceOverview } from './dashboards.ts';

/** Probes and scrapes always succeed, and would dilute the share of errors that users see. */
const realRoutes = { service: ourServices, http_route: notMatches(polledRoutes.join('|')) };
const failed = { ...realRoutes, http_response_status_code: matches('5..') };

const errorRatio = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', failed)}[5m]))
  / sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[5m]))`;

const traffic = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[5m]))
  > ${threshold('minimum_request_rate')}`;

export const httpRules = alertRules([
  {
    // The symptom as it is now. What pages is the error budget: `<Service>RequestErrorsBurnRate`.
    name: 'HighErrorRatio',
    severity: 'warning',
    expr: promql`${errorRatio} > ${threshold('error_ratio_warning')} and ${traffic}`,
    for: {
      duration: '5m',
      because: 'a few errors during a deployment are normal; a share that stays this long is a defect',
    },
    by: identity,
    summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail',
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) answered {{ $value | humanizePercentage }} of its requests of the last five minutes with 5xx.',
    runbook: 'high-error-ratio',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    expr: promql`
      histogram_quantile(0.95, sum by (cluster, environment, namespace, service, le) (rate(${series('http_server_request_duration_seconds_bucket', realRoutes)}[5m])))
      > ${threshold('request_latency_p95_warning')} and ${traffic}`,
    for: {
      duration: '5m',
      because: 'a cold cache or a burst slows things for a minute or two without being a problem to mend',
    },
    by: identity,
    summary: 'Requests to {{ $labels.service }} are slow: p95 is {{ $value | humanizeDuration }}',
    description:
      'One request in twenty to {{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) takes longer than {{ $value | humanizeDuration }}.',
    runbook: 'high-latency',
    dashboard: serviceOverview,
    logs: failureLogs,
  },
]);
