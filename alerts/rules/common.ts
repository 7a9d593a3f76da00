import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { emitterNames } from '../../telemetry/contract/pipeline.ts';
import { logql, type PromqlQuery, promql, type SeriesPart, stream } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { labelHole } from '../rule.ts';

/** What tells one service from another. */
export const identity = ['cluster', 'environment', 'namespace', 'service'] as const;

export const ourServices = oneOf(emitterNames);

const failing: readonly LogLevel[] = ['WARNING', 'ERROR', 'CRITICAL'];

/** Lines of the alert's service that say something went wrong. */
export const failureLogs = logql`${stream({ service: labelHole('service'), level: oneOf(failing) })}`;

/** Every line of the alert's service. */
export const allLogs = logql`${stream({ service: labelHole('service') })}`;

/** Text that is no series and no number: names of labels, a window. */
export const text = (value: string): PromqlQuery<never> => ({
  language: 'promql',
  parts: [{ kind: 'text', text: value }],
});
const identityAnd = (labels: readonly string[]): PromqlQuery<never> =>
  text([...identity, ...labels].join(', '));

/** What a counter grows by a second, over five minutes, by service and the labels given. */
export const rateOf = <L extends string>(
  counter: SeriesPart<L>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> => promql`sum by (${identityAnd(labels)}) (rate(${counter}[5m]))`;

/** What a counter grew by within a window, by service: as Prometheus extrapolates it, resets left out. */
export const increaseOf = <L extends string>(
  counter: SeriesPart<L>,
  window: Duration,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> => promql`sum by (${identityAnd(labels)}) (increase(${counter}[${text(window)}]))`;

/** Share of one counter's growth in another's, 0 to 1. Absent while nothing grows, which no comparison holds for. */
export const shareOf = <L extends string>(
  part: SeriesPart<L>,
  all: SeriesPart<NoInfer<L>>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L> => promql`${rateOf(part, ...labels)} / ${rateOf(all, ...labels)}`;

/** @param quantile 0 to 1 */
export const quantileOf = <L extends string>(
  quantile: number,
  buckets: SeriesPart<L | 'le'>,
  ...labels: readonly NoInfer<L>[]
): PromqlQuery<L | 'le'> =>
  promql`histogram_quantile(${text(String(quantile))}, ${rateOf(buckets, ...labels, 'le')})`;
