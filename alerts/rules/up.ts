import { type PromqlQuery, promql, series } from '../../telemetry/query/query.ts';

/**
 * One sample labelled `service`, unless an instance of it answers its scrapes. `up == 0` would miss a target that
 * is gone from service discovery, and one that was never there.
 */
export function notUp(service: string): PromqlQuery {
  const name: PromqlQuery = {
    language: 'promql',
    parts: [{ kind: 'text', text: `label_replace(vector(1), "service", "${service}", "", "")` }],
  };
  return promql`(${name} unless on (service) (${series('up')} == 1))`;
}

/** The union. All alternatives must give different label sets, or the same meaning to equal ones. */
export function anyOf(alternatives: readonly PromqlQuery[]): PromqlQuery {
  return alternatives.reduce((union, next) => promql`${union} or ${next}`);
}
