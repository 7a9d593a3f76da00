import { polledRoutes } from '../../telemetry/contract/labels.ts';
import type { PromqlQuery } from '../../telemetry/query/query.ts';
import { promql, series } from '../../telemetry/query/query.ts';
import { matches, notMatches } from '../../telemetry/query/series.ts';
import { selected } from './common.ts';

const ofUsers = { ...selected, http_route: notMatches(polledRoutes.join('|')) } as const;

export const allRequests = series('http_server_request_duration_seconds_count', selected);
export const userRequests = series('http_server_request_duration_seconds_count', ofUsers);
const failedRequests = series('http_server_request_duration_seconds_count', {
  ...ofUsers,
  http_response_status_code: matches('5..'),
});
const buckets = series('http_server_request_duration_seconds_bucket', ofUsers);

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

/**
 * 5xx answers over all answers to users, as the alerts count them. Without errors it is 0 rather than absent, as long
 * as there are requests.
 */
export function errorRatio(grouping: Grouping): PromqlQuery {
  return promql`(sum ${by(grouping)}(rate(${failedRequests}[$__rate_interval])) or 0 * sum ${by(grouping)}(rate(${userRequests}[$__rate_interval]))) / sum ${by(grouping)}(rate(${userRequests}[$__rate_interval]))`;
}

/** Of what users asked for. @param quantile 0 to 1 */
export function latencyQuantile(quantile: number, grouping: Grouping): PromqlQuery {
  return promql`histogram_quantile(${number(quantile)}, sum ${by(grouping, 'le')}(rate(${buckets}[$__rate_interval])))`;
}

/** Users' requests by bucket of their duration: what a heatmap is drawn from. */
export const latencyBuckets: PromqlQuery = promql`sum by (le) (increase(${buckets}[$__rate_interval]))`;
