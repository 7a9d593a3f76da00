import { polledRoutes } from '../../telemetry/contract/routes.ts';
import type { PromqlQuery, SeriesPart } from '../../telemetry/query/query.ts';
import { anySeries, promql } from '../../telemetry/query/query.ts';
import { type Matchers, matches, notMatches } from '../../telemetry/query/series.ts';
import { selected } from './common.ts';

const text = (value: string): PromqlQuery<never> => ({
  language: 'promql',
  parts: [{ kind: 'text', text: value }],
});

/** `sum by (…)`, and `sum` where one number is wanted. */
const sumBy = (labels: readonly string[]): PromqlQuery<never> =>
  text(labels.length === 0 ? 'sum ' : `sum by (${labels.join(', ')}) `);

/** What a counter grows by a second, by the labels given. */
export const rateOf = <L extends string>(
  counter: SeriesPart<L>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> => promql`${sumBy(labels)}(rate(${counter}[$__rate_interval]))`;

/** The same of those only that have grown at all within the range shown: the others would fill the legend. */
export const rateOfGrowing = <L extends string>(
  counter: SeriesPart<L>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> =>
  promql`${rateOf(counter, ...labels)} and ${sumBy(labels)}(increase(${counter}[$__range])) > 0`;

/**
 * Share of one counter's growth in another's, 0 to 1, by the labels given. Where nothing of the part is there it is 0
 * rather than absent, as long as the whole grows.
 */
export const shareOf = <L extends string>(
  part: SeriesPart<L>,
  all: SeriesPart<NoInfer<L>>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> =>
  promql`(${rateOf(part, ...labels)} or 0 * ${rateOf(all, ...labels)}) / ${rateOf(all, ...labels)}`;

/** @param quantile 0 to 1 */
export const quantileOf = <L extends string>(
  quantile: number,
  buckets: SeriesPart<L | 'le'>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L | 'le'> =>
  promql`histogram_quantile(${text(String(quantile))}, ${rateOf(buckets, ...labels, 'le')})`;

type RequestLabel = 'service' | 'http_route' | 'http_request_method';

const requestSeries = 'http_server_request_duration_seconds_count';
const polled = { http_route: notMatches(polledRoutes.join('|')) } as const;

/** Requests to the services that the matchers select; those of users leave probes and scrapes out. */
export function requestsTo(where: Matchers<typeof requestSeries>) {
  const users = { ...where, ...polled };
  const failed = anySeries(requestSeries, { ...users, http_response_status_code: matches('5..') });
  const fromUsers = anySeries(requestSeries, users);
  const buckets = anySeries('http_server_request_duration_seconds_bucket', users);
  return {
    all: anySeries(requestSeries, where),
    users: fromUsers,
    buckets,
    /** 5xx answers over all answers to users, as the alerts count them. */
    errorRatio: (...by: readonly RequestLabel[]) => shareOf(failed, fromUsers, ...by),
    /** Of what users asked for. @param quantile 0 to 1 */
    latency: (quantile: number, ...by: readonly RequestLabel[]) => quantileOf(quantile, buckets, ...by),
  };
}

/** Of the services that a dashboard's variables select. */
export const requests = requestsTo(selected);
