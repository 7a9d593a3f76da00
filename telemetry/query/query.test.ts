import { describe, expect, it } from 'vitest';
import { checkLogqlText } from './check-logql.ts';
import { checkPromql, checkPromqlText } from './check-promql.ts';
import {
  field,
  logql,
  promql,
  renderQuery,
  series,
  stream,
  threshold,
  thresholdsOf,
  withThresholds,
} from './query.ts';
import { matches, oneOf, variable } from './series.ts';

const errorRatio = promql`
  sum by (service) (rate(${series('http_server_request_duration_seconds_count', { http_response_status_code: matches('5..') })}[5m]))
  /
  sum by (service) (rate(${series('http_server_request_duration_seconds_count')}[5m]))
    > ${threshold('error_ratio_warning')}`;

describe('a promql template', () => {
  it('renders on one line, with the default of the threshold', () => {
    expect(renderQuery(errorRatio)).toBe(
      'sum by (service) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / sum by (service) (rate(http_server_request_duration_seconds_count[5m])) > 0.02',
    );
  });
  it('takes an environment’s value of the threshold', () => {
    expect(renderQuery(errorRatio, { error_ratio_warning: 0.07 })).toMatch(/> 0\.07$/);
    expect(thresholdsOf(errorRatio)).toEqual(['error_ratio_warning']);
  });
  it('can have values of its own, whatever the environment’s are', () => {
    const fixed = withThresholds(errorRatio, { error_ratio_warning: 0.03, minimum_request_rate: 0.5 });
    expect(renderQuery(fixed, { error_ratio_warning: 0.07 })).toMatch(/> 0\.03$/);
    expect(renderQuery(withThresholds(fixed, { error_ratio_warning: 0.04 }))).toMatch(/> 0\.04$/);
    expect(renderQuery(withThresholds(fixed, {}))).toMatch(/> 0\.03$/);
    expect(renderQuery(errorRatio)).toMatch(/> 0\.02$/);
  });
  it('escapes label values', () => {
    expect(renderQuery(promql`${series('up', { job: 'a"b\\c' })}`)).toBe('up{job="a\\"b\\\\c"}');
    expect(renderQuery(promql`${series('up', { job: oneOf(['a.b', 'c']) })}`)).toBe('up{job=~"a\\\\.b|c"}');
  });
  it('is accepted by the checker', () => {
    expect(checkPromql(errorRatio)).toEqual([]);
    expect(
      checkPromql(
        promql`rate(${series('log_lines_total', { service: variable('service') })}[$__rate_interval])`,
      ),
    ).toEqual([]);
  });
});

describe('the PromQL checker', () => {
  it.each([
    ['rate(foo[5m]', 'syntax'],
    ['rate(foo)', 'expected type'],
    ['sum by (', 'syntax'],
  ])('refuses %s', (query, message) => {
    expect(
      checkPromqlText(query)
        .map((problem) => problem.message)
        .join(),
    ).toContain(message);
  });
  it('refuses an unknown series, a label no series has, and a matcher on an absent label', () => {
    expect(checkPromql(promql`sum(rate(no_such_total[5m]))`)[0]?.excerpt).toBe('no_such_total');
    expect(checkPromql(promql`sum by (colour) (${series('up')})`)[0]?.excerpt).toBe('colour');
    expect(checkPromql(promql`up{colour="red"}`)[0]?.message).toContain('colour');
  });
  it('knows a histogram only by its three series', () => {
    expect(checkPromql(promql`http_server_request_duration_seconds > 1`)).toHaveLength(1);
  });
});

describe('a logql template', () => {
  const failures = logql`sum by (service) (count_over_time(${stream({ level: 'ERROR', service: matches('.+') })} | json | ${field('error_type')} != "" [5m])) > ${threshold('event_lag_warning')}`;
  it('renders and parses', () => {
    expect(renderQuery(failures)).toContain('{level="ERROR", service=~".+"} | json | error_type != ""');
    expect(checkLogqlText(renderQuery(failures))).toEqual([]);
  });
  it('is refused with a syntax error or a label that streams do not have', () => {
    expect(checkLogqlText('{level="ERROR"} | json |')).not.toEqual([]);
    expect(checkLogqlText('{request_id="x"}')[0]?.message).toContain('request_id');
  });
});
