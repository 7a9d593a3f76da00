import { expect, it } from 'vitest';
import { parsePromql } from '../../telemetry/query/promql-tree.ts';
import { queryCost, samplesOf } from './query-cost.ts';
import { examples } from './support/examples.ts';

examples(queryCost, {
  good: [
    ['minutes of buckets', 'sum(rate(http_server_request_duration_seconds_bucket[5m])) > 0'],
    ['a day of a gauge', 'max(avg_over_time(up[1d])) < 1'],
  ],
  bad: [
    ['a day of buckets', 'sum(rate(http_server_request_duration_seconds_bucket[1d])) > 0', 'million samples'],
    [
      'a subquery over weeks',
      'max_over_time(sum(rate(http_server_request_duration_seconds_count[5m]))[4w:1m]) > 0',
      'million',
    ],
  ],
});

it.each([
  // Five services of ten instances, three topics.
  ['event_consumer_lag', 150],
  ['event_consumer_lag{topic="reminders"}', 50],
  ['event_consumer_lag{topic=~"task-.*"}', 100],
  // Four samples a minute.
  ['rate(events_processed_total{topic="reminders", outcome="failure"}[5m])', 50 * 20],
  ['max_over_time(event_consumer_lag{topic="reminders"}[10m:1m])', 50 * 10],
  ['max_over_time(event_consumer_lag{topic="reminders"}[10m:])', 50 * 10],
  // Fourteen bounds and infinity.
  ['event_latency_seconds_bucket{topic="reminders"}', 50 * 15],
  ['event_consumer_lag{topic="reminders"} + event_consumer_lag{topic="reminders"}', 100],
])('%s reads at most %i samples', (text, samples) => {
  const tree = parsePromql(text);
  expect(tree && samplesOf(tree, 15_000)).toBe(samples);
});
