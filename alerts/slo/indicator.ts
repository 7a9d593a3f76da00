import type { SloDefinition } from '../../telemetry/contract/slos.ts';
import { anySeries, type PromqlQuery, promql, series } from '../../telemetry/query/query.ts';
import type { Matchers, SeriesName } from '../../telemetry/query/series.ts';
import { increaseOf, text } from '../rules/common.ts';
import { ownUp } from '../rules/up.ts';

type Selector = ReturnType<typeof anySeries>;

/** What of an SLO happened in five minutes: all events, and the bad ones. */
interface Counts {
  readonly events: PromqlQuery;
  /** Present whenever there are events. May read `slo:events:count5m`, which is recorded before it. */
  readonly bad: PromqlQuery;
}

const identity = text('cluster, environment, namespace, service');

export function countsOf({ id, service, indicator }: SloDefinition): Counts {
  const events = series('slo:events:count5m', { slo: id });
  switch (indicator.kind) {
    case 'health': {
      const scrapes = series('up', { ...ownUp, service });
      // A scrape that is not answered is as bad as one that finds a check failing; of several checks the worst counts.
      const good = promql`sum by (${identity}) (sum by (${identity}, instance) (sum_over_time(${scrapes}[5m])) * min by (${identity}, instance) (avg_over_time(${series('health_check_status', { service })}[5m])))`;
      return {
        events: promql`sum by (${identity}) (count_over_time(${scrapes}[5m]))`,
        // A scrape that is stored between the two evaluations is in the good alone.
        bad: promql`clamp_min(${events} - on (${identity}) (${good} or on (${identity}) 0 * ${events}), 0)`,
      };
    }
    case 'ratio':
      return {
        events: promql`${increase(ofService(indicator.total, service))} or 0 * ${increase(series(indicator.total.name, { service }))}`,
        bad: promql`${increase(ofService(indicator.bad, service))} or on (${identity}) 0 * ${events}`,
      };
    case 'latency': {
      const { histogram, threshold, where } = indicator;
      const all = selectorOf(`${histogram}_count`, { ...where, service });
      const quick = selectorOf(`${histogram}_bucket`, { ...where, service, le: bucketLabel(threshold) });
      return {
        events: where
          ? promql`${increase(all)} or 0 * ${increase(selectorOf(`${histogram}_count`, { service }))}`
          : increase(all),
        bad: promql`clamp_min(${events} - on (${identity}) (${increase(quick)} or on (${identity}) 0 * ${events}), 0)`,
      };
    }
  }
}

const increase = (counter: Selector): PromqlQuery => increaseOf(counter, '5m');

const ofService = (selector: Selector, service: string): Selector => ({
  ...selector,
  matchers: [['service', { operator: '=', value: service }], ...selector.matchers],
});

const selectorOf = <S extends SeriesName>(name: S, matchers: Readonly<Record<string, unknown>>): Selector =>
  anySeries(name, matchers as Matchers<S>);

/** The label `le` of a bound as Prometheus 3 stores it: a float, so 5 is `5.0`. */
export const bucketLabel = (bound: number): string =>
  Number.isInteger(bound) ? `${bound}.0` : String(bound);
