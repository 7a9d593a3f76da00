import { promql, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, selected, spec } from './common.ts';
import { anyIs, bars, lines, outcomeColors, stackedBars } from './visuals.ts';

/** The event bus, seen from its subscribers. @param publishes whether any of them hands events to the bus too */
export function eventPanels(context: PanelContext, publishes = true): readonly PanelSpec[] {
  const lag = {
    title: 'Events waiting',
    savedQuery: 'slow-consumers',
    description:
      'Published and not yet processed, by subscriber. Rising without end: the subscriber is down, slow, or stuck on one event it cannot digest.',
    width: 12,
    height: 8,
    unit: 'short',
    limits: { warning: 'event_lag_warning' },
    targets: [
      prom(
        promql`sum by (service, topic) (${series('event_consumer_lag', selected)})`,
        '{{service}} {{topic}}',
        context,
      ),
    ],
  } as const;
  const latency = {
    title: 'Event latency, p95',
    description:
      'From publishing to the end of processing. Above the dashed line users notice that changes arrive late.',
    width: 12,
    height: 8,
    unit: 's',
    limits: { warning: 'event_latency_p95_warning' },
    targets: [
      prom(
        promql`histogram_quantile(0.95, sum by (service, le) (rate(${series('event_latency_seconds_bucket', selected)}[$__rate_interval])))`,
        '{{service}}',
        context,
      ),
    ],
  } as const;
  const byOutcome = (name: 'events_processed_total' | 'events_published_total') => ({
    width: 8,
    height: 8,
    unit: 'ops',
    colors: outcomeColors,
    targets: [
      prom(
        promql`sum by (outcome) (rate(${series(name, selected)}[$__rate_interval]))`,
        '{{outcome}}',
        context,
      ),
    ],
  });
  const processed = {
    title: 'Deliveries by outcome',
    description:
      'Retries come back by themselves; dead letters do not. Much yellow: something a subscriber needs is failing.',
    ...byOutcome('events_processed_total'),
  };
  const published = {
    title: 'Publishing by outcome',
    savedQuery: 'event-publishing-errors',
    description:
      'Events handed to the bus. Anything but green means that a change was made and nobody will hear of it: act now.',
    ...byOutcome('events_published_total'),
  };
  const dead = {
    title: 'Dead letters',
    savedQuery: 'dead-letters',
    description:
      'Events a subscriber gave up on and that wait for a person. Read why in its logs, mend it, then send them again.',
    width: 8,
    height: 8,
    unit: 'short',
    targets: [
      prom(promql`sum by (service) (${series('event_dead_letters', selected)})`, '{{service}}', context),
    ],
  };
  return [
    spec(lag, lines(lag, context)),
    spec(latency, lines(latency, context)),
    spec(processed, stackedBars(processed, context).dataLinks([])),
    ...(publishes ? [spec(published, stackedBars(published, context).dataLinks([]))] : []),
    spec(dead, bars(dead, context).thresholds(anyIs('red'))),
  ];
}
