import { describe, expect, it } from 'vitest';
import { resultLabels } from './result-labels.ts';

describe('the labels of a result', () => {
  it.each([
    ['vector(1)', []],
    ['sum(up)', []],
    ['sum by (service) (up) > 0', ['service']],
    ['sum without (pod, container, instance, job) (up)', ['cluster', 'environment', 'namespace', 'service']],
    ['histogram_quantile(0.95, sum by (service, le) (rate(event_latency_seconds_bucket[5m])))', ['service']],
    ['label_replace(vector(1), "service", "sync", "", "") unless on (service) (up == 1)', ['service']],
    ['sum by (service, pod) (up) / sum by (service) (up)', ['service']],
    [
      'sum by (service, pod) (up) / on (service) group_left (job) max by (service, job) (up)',
      ['job', 'pod', 'service'],
    ],
    ['max by (pod) (up) / on (service) group_right () sum by (service, job) (up)', ['job', 'service']],
    ['sum by (service, job) (up) / on (service) sum by (service) (up)', ['service']],
    ['sum by (job) (up) or sum by (pod) (up)', ['job', 'pod']],
    ['(sum by (job) (up) offset 5m) and sum by (pod) (up)', ['job']],
  ])('of %s are %j', (query, labels) => {
    expect([...resultLabels(query)].sort()).toEqual(labels);
  });
  it('of a selector are the series’ own and the target’s', () => {
    expect([...resultLabels('-events_published_total')]).toEqual(
      expect.arrayContaining(['topic', 'outcome', 'service']),
    );
  });
});
