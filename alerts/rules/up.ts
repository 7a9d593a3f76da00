import { sidecarContainer } from '../../telemetry/contract/services.ts';
import { type PromqlQuery, promql, series } from '../../telemetry/query/query.ts';
import { type LabelOfSeries, not } from '../../telemetry/query/series.ts';

/** Whether a scrape was answered, of everything but sidecars: they are up while the service beside them is down. */
export const ownUp = { container: not(sidecarContainer) } as const;

/**
 * One sample labelled `service`, unless an instance of it answers its scrapes. `up == 0` would miss a target that
 * is gone from service discovery, and one that was never there. What is up is chosen by `on (service)`: a matcher would
 * say the same again.
 */
export function notUp(service: string): PromqlQuery<LabelOfSeries<'up'>> {
  return promql`(${named(service)} unless on (service) (${series('up', ownUp)} == 1))`;
}

/** One sample labelled `service`, unless it is scraped at all, with success or without. */
export function notScraped(service: string): PromqlQuery<LabelOfSeries<'up'>> {
  return promql`(${named(service)} unless on (service) ${series('up', ownUp)})`;
}

const named = (service: string): PromqlQuery<never> => ({
  language: 'promql',
  parts: [{ kind: 'text', text: `label_replace(vector(1), "service", "${service}", "", "")` }],
});

/** The union. All alternatives must give different label sets, or the same meaning to equal ones. */
export function anyOf<L extends string>(alternatives: readonly PromqlQuery<L>[]): PromqlQuery<L> {
  return alternatives.reduce((union, next) => promql`${union} or ${next}`);
}
