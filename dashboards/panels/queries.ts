import type { PromqlQuery } from '../../telemetry/query/query.ts';
import { promql, series } from '../../telemetry/query/query.ts';
import { matches, notMatches } from '../../telemetry/query/series.ts';
import { selected } from './common.ts';

/** Probes and scrapes: they tell nothing about what users get. */
const probes = { http_route: notMatches('/health|/ready|/metrics') } as const;

export const allRequests = series('http_server_request_duration_seconds_count', selected);
const failed = { ...selected, http_response_status_code: matches('5..') } as const;
const failedRequests = series('http_server_request_duration_seconds_count', failed);
export const userRequests = series('http_server_request_duration_seconds_count', { ...selected, ...probes });
const failedUserRequests = series('http_server_request_duration_seconds_count', { ...failed, ...probes });
const buckets = series('http_server_request_duration_seconds_bucket', selected);
const userBuckets = series('http_server_request_duration_seconds_bucket', { ...selected, ...probes });

/** Labels to group by, as the text of a clause; empty for one series over all. */
type Grouping = '' | 'service' | 'service, http_route' | 'service, http_request_method, http_route';

const by = (grouping: Grouping, more = ''): PromqlQuery => {
  const labels = [grouping, more].filter((part) => part !== '').join(', ');
  return { language: 'promql', parts: labels === '' ? [] : [{ kind: 'text', text: `by (${labels}) ` }] };
};
const number = (value: number): PromqlQuery => ({
  language: 'promql',
  parts: [{ kind: 'text', text: String(value) }],
});

/** 5xx answers over all answers. Without errors it is 0 rather than absent, as long as there are requests. */
export function errorRatio(grouping: Grouping): PromqlQuery {
  const [bad, all] =
    grouping === '' || grouping === 'service'
      ? [failedRequests, allRequests]
      : [failedUserRequests, userRequests];
  return promql`(sum ${by(grouping)}(rate(${bad}[$__rate_interval])) or 0 * sum ${by(grouping)}(rate(${all}[$__rate_interval]))) / sum ${by(grouping)}(rate(${all}[$__rate_interval]))`;
}

/** @param quantile 0 to 1 */
export function latencyQuantile(quantile: number, grouping: Grouping): PromqlQuery {
  const source = grouping === '' || grouping === 'service' ? buckets : userBuckets;
  return promql`histogram_quantile(${number(quantile)}, sum ${by(grouping, 'le')}(rate(${source}[$__rate_interval])))`;
}

/** Requests a second, by bucket of their duration: what a heatmap is drawn from. */
export const latencyBuckets: PromqlQuery = promql`sum by (le) (increase(${buckets}[$__rate_interval]))`;
