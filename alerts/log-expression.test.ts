import { describe, expect, it } from 'vitest';
import { logql, threshold } from '../telemetry/query/query.ts';
import { withBoundaryMoved } from './log-boundary.ts';
import { logBareNumbers, logResultLabels, shortLogWindows } from './log-expression.ts';

describe('the labels of a LogQL result', () => {
  it.each([
    ['sum by (service, topic) (rate({a="b"}[5m]))', 'service,topic'],
    ['sum(rate({a="b"}[5m])) > 1', ''],
    ['max_over_time({a="b"} | unwrap x [5m]) by (service) > 5', 'service'],
    ['sum without (pod) (sum by (pod, service) (rate({a="b"}[5m])))', 'service'],
    ['max by (service) (sum by (service, user_id) (rate({a="b"}[5m])))', 'service'],
    ['sum by (a, b) (rate({a="b"}[5m])) unless sum by (a) (rate({a="b"}[5m]))', 'a,b'],
    ['sum by (a) (rate({a="b"}[5m])) or sum by (b) (rate({a="b"}[5m]))', 'a,b'],
    ['sum by (a, b) (rate({a="b"}[5m])) / on (a) sum by (a, c) (rate({a="b"}[5m]))', 'a'],
    ['sum by (a, b) (rate({a="b"}[5m])) / sum by (a) (rate({a="b"}[5m]))', 'a'],
    ['label_replace(sum by (a) (rate({a="b"}[5m])), "service", "audit", "", "")', 'a,service'],
    ['vector(1)', ''],
  ])('%s are %s', (query, labels) => {
    expect([...logResultLabels(query)].sort().join()).toBe(labels);
  });
  it('are all that the stream, its metadata and its parsed fields have where nothing aggregates', () => {
    const labels = logResultLabels('count_over_time({a="b"} | json topic [5m])');
    for (const label of ['service', 'level', 'pod', 'user_id', 'logger', 'topic'])
      expect(labels).toContain(label);
    expect(labels).not.toContain('instance');
    expect(labels).not.toContain('reason');
  });
});

describe('bare numbers', () => {
  it('are those that a result or a field is compared with', () => {
    expect(logBareNumbers(logql`sum(rate({a="b"}[5m])) > 7`)).toEqual(['7']);
    expect(logBareNumbers(logql`sum(rate({a="b"} | json | duration_ms > 500 [5m])) > 0`)).toEqual(['500']);
    expect(logBareNumbers(logql`sum(rate({a="b"} | json | took > 5s [5m])) > 0`)).toEqual(['5s']);
  });
  it('are not thresholds, nothing and one, and what converts a unit', () => {
    expect(
      logBareNumbers(logql`sum(rate({a="b"}[5m])) > ${threshold('account_login_failures_warning')}`),
    ).toEqual([]);
    expect(logBareNumbers(logql`(sum(rate({a="b"}[5m])) * 60) > 0 or sum(rate({a="b"}[5m])) == 1`)).toEqual(
      [],
    );
  });
});

describe('windows', () => {
  it('are too short when they see a line in fewer than two evaluations', () => {
    expect(
      shortLogWindows('sum(rate({a="b"}[1m])) or sum(rate({a="b"}[2m])) or sum(rate({a="b"}[90s]))'),
    ).toEqual(['1m', '90s']);
  });
});

describe('a moved boundary', () => {
  it('is of results, not of fields', () => {
    expect(
      withBoundaryMoved('sum(rate({a="b"} | json | n > 5 [5m])) > 1 and sum(rate({a="b"}[5m])) > 2'),
    ).toBe('sum(rate({a="b"} | json | n > 5 [5m])) >= 1 and sum(rate({a="b"}[5m])) >= 2');
  });
});
