import { quantile } from './quantile.ts';
import { examples } from './support/examples.ts';

const of = (buckets: string, rank = '0.95') => `histogram_quantile(${rank}, ${buckets}) > 1`;
const rates = 'sum by (service, le) (rate(event_latency_seconds_bucket[5m]))';

examples(quantile, {
  good: [
    ['rates of buckets', of(rates)],
    ['buckets that nobody aggregates', of('rate(event_latency_seconds_bucket[5m])')],
    ['a rank that is calculated', of(rates, '1 - 0.05').replace('1 - 0.05', 'scalar(max(up))')],
  ],
  bad: [
    ['buckets without le', of('sum by (service) (rate(event_latency_seconds_bucket[5m]))'), 'lose `le`'],
    [
      'no buckets',
      of('sum by (service, le) (rate(event_latency_seconds_count[5m]))'),
      'no series of buckets',
    ],
    [
      'a gauge',
      of('sum by (service, le) (event_consumer_lag)'),
      'event_consumer_lag is no series of buckets',
    ],
    [
      'running totals',
      of('sum by (service, le) (event_latency_seconds_bucket)'),
      'since the process started',
    ],
    ['a percentage', of(rates, '95'), '95 is no quantile'],
  ],
});
