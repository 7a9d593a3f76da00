import { describe, expect, it } from 'vitest';
import { checkPromqlText } from './check-promql.ts';
import { durationMs, scaleDuration, scaleQueryTime } from './scale-time.ts';

describe('scaling of durations', () => {
  it.each([
    ['5m', 10, '30s'],
    ['4h', 10, '24m'],
    ['1h30m', 2, '45m'],
    ['15s', 10, '1500ms'],
    ['5s', 10, '500ms'],
    ['1s', 60, '100ms'],
    ['0s', 10, '0s'],
    ['1m', 1, '1m'],
  ])('%s by %d is %s', (duration, factor, expected) => {
    expect(scaleDuration(duration, factor)).toBe(expected);
  });
  it('refuses what is no duration', () => {
    expect(durationMs('5 minutes')).toBeUndefined();
    expect(() => scaleDuration('soon', 10)).toThrow(/SL1510 soon is not a Prometheus duration/);
  });
});

describe('scaling of a query', () => {
  it('divides ranges, subqueries and offsets, and nothing else', () => {
    const query =
      'rate(a{job="5m"}[5m] offset 1m) > 60 or max_over_time(b[1h:1m] offset -30s) > 1e3 and rate(c[300])';
    expect(scaleQueryTime(query, 10)).toBe(
      'rate(a{job="5m"}[30s] offset 6s) > 60 or max_over_time(b[6m:6s] offset -3s) > 1e3 and rate(c[30s])',
    );
    expect(checkPromqlText(scaleQueryTime('rate(a[5m]) > 0', 7))).toEqual([]);
  });
  it('does the same in LogQL, and leaves the durations that lines are compared with', () => {
    const query =
      'sum by (service) (rate({service="5m"} |= "5m" | json | took > 5m [5m] offset 1m)) > 5 or count_over_time({a="b"}[1h30m]) > 60';
    expect(scaleQueryTime(query, 10, 'logql')).toBe(
      'sum by (service) (rate({service="5m"} |= "5m" | json | took > 5m [30s] offset 6s)) > 5 or count_over_time({a="b"}[9m]) > 60',
    );
  });
  it('leaves a query as it is by one', () => {
    expect(scaleQueryTime('rate(a[300])', 1)).toBe('rate(a[300])');
  });
  it('refuses a query that does not parse', () => {
    expect(() => scaleQueryTime('rate(a[5m]', 10)).toThrow(/SL1510/);
    expect(() => scaleQueryTime('rate({a="b"}[5m]', 10, 'logql')).toThrow(/SL1510/);
  });
});
