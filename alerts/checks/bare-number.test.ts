import { computed, promql, threshold } from '../../telemetry/query/query.ts';
import { bareNumber } from './bare-number.ts';
import { examples } from './support/examples.ts';

const p95 = 'histogram_quantile(0.95, sum by (service, le) (rate(event_latency_seconds_bucket[5m])))';

examples(bareNumber, {
  good: [
    ['a threshold', promql`max by (service) (event_consumer_lag) > ${threshold('event_lag_warning')}`],
    ['what is computed', promql`max by (service) (up) > ${computed(0.25, 'a quarter')}`],
    ['0 and 1', 'max by (service) (up) == 0 or max by (service) (up) > 1'],
    ['numbers outside of comparisons', `${p95} * 60 > 0`],
    ['the unit of a series', 'max by (service) (process_resident_memory_bytes) / 1024 > 0'],
  ],
  bad: [
    ['a number', 'max by (service) (event_consumer_lag) > 50', '50'],
    ['numbers that make one', 'max by (service) (event_consumer_lag) > -(2 * 25)', '25'],
    ['a number on the left', '50 < max by (service) (event_consumer_lag)', '50'],
    ['a number inside', 'count by (service) (event_consumer_lag > 50) > 0', '50'],
  ],
});
