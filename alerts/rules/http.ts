import { polledRoutes } from '../../telemetry/contract/labels.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { matches, notMatches } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { failureLogs, identity, ourServices } from './common.ts';
import { serviceOverview } from './dashboards.ts';

/** Probes and scrapes always succeed, and would dilute the share of errors that users see. */
const realRoutes = { service: ourServices, http_route: notMatches(polledRoutes.join('|')) };
const failed = { ...realRoutes, http_response_status_code: matches('5..') };

// Two minutes is the shortest window with room for a lost scrape or two (8 scrapes): the page must come fast.
const fastErrorRatio = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', failed)}[2m]))
  / sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[2m]))`;

const errorRatio = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', failed)}[5m]))
  / sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[5m]))`;

const fastTraffic = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[2m]))
  > ${threshold('minimum_request_rate')}`;

const traffic = promql`
  sum by (cluster, environment, namespace, service) (rate(${series('http_server_request_duration_seconds_count', realRoutes)}[5m]))
  > ${threshold('minimum_request_rate')}`;

const errorRatioPage = {
  name: 'HighErrorRatio',
  by: identity,
  summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail',
  runbook: 'high-error-ratio',
  dashboard: serviceOverview,
  logs: failureLogs,
} as const;

export const httpRules = alertRules([
  {
    ...errorRatioPage,
    severity: 'critical',
    earned: {
      as: 'fast SLO burn',
      because: 'a tenth of all requests failing spends the error budget of a month within hours',
    },
    expr: promql`${fastErrorRatio} > ${threshold('error_ratio_critical')} and ${fastTraffic}`,
    for: {
      duration: '1m',
      because: 'a restart or one bad scrape is over within a minute; an outage is not, and each minute costs',
    },
    keepFiringFor: {
      duration: '4m',
      because:
        'the warning looks back three minutes further: were the page over first, its end would be followed by a warning about what is past',
    },
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) answered {{ $value | humanizePercentage }} of its requests of the last two minutes with 5xx. Users see failures now.',
  },
  {
    ...errorRatioPage,
    severity: 'warning',
    expr: promql`${errorRatio} > ${threshold('error_ratio_warning')} and ${traffic}`,
    for: {
      duration: '5m',
      because: 'a few errors during a deployment are normal; a share that stays this long is a defect',
    },
    description:
      '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }}) answered {{ $value | humanizePercentage }} of its requests of the last five minutes with 5xx.',
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
