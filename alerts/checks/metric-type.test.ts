import { metricType } from './metric-type.ts';
import { examples } from './support/examples.ts';

examples(metricType, {
  good: [
    ['the rate of a counter', 'sum(rate(log_lines_total[5m])) > 0'],
    ['the change of a gauge', 'max(delta(event_consumer_lag[5m])) > 0'],
    ['the rate of a histogram’s count', 'sum(rate(event_latency_seconds_count[5m])) > 0'],
    ['restarts', 'max(changes(process_start_time_seconds[10m])) > 1'],
    ['whether a counter is there', 'absent(log_lines_total)'],
    ['how many there are', 'count(log_lines_total) < 1'],
    ['what stands after `unless` only to be there', 'max by (pod) (up) == 0 unless log_lines_total'],
    ['a maximum of rates', 'max(max_over_time(sum by (pod) (rate(log_lines_total[5m]))[1h:])) > 0'],
    ['what nobody declares', 'sum(rate(unheard_of[5m])) > 0'],
  ],
  bad: [
    ['the rate of a gauge', 'sum(rate(event_consumer_lag[5m])) > 0', 'and it is a gauge'],
    ['the increase of a gauge', 'sum(increase(up[5m])) > 0', 'increase()'],
    ['the change of a counter', 'sum(delta(log_lines_total[5m])) > 0', 'and it is a counter'],
    ['the average of a counter', 'sum(avg_over_time(log_lines_total[5m])) > 0', 'avg_over_time()'],
    ['a running total', 'sum(log_lines_total) > 0', 'the running total of log_lines_total'],
    [
      'a lifetime’s average',
      'sum(event_latency_seconds_sum) / sum(event_latency_seconds_count) > 1',
      'running total',
    ],
    ['a running total in a condition', 'max(up) == 1 and max(log_lines_total) > 0', 'running total'],
  ],
});
