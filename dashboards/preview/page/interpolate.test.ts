import { describe, expect, it } from 'vitest';
import { interpolate, interpolateLink, legendText, type Scope, type VariableValue } from './interpolate.ts';

const scope = (values: Record<string, VariableValue>): Scope => ({
  values: new Map(Object.entries(values)),
  range: { from: 1_000_000, to: 4_600_000 },
  step: 30,
});

describe('variables in a query', () => {
  it.each([
    ['one value', { values: ['backend-api'], pattern: true }, 'backend-api'],
    ['several values', { values: ['a', 'b'], pattern: true }, '(a|b)'],
    [
      'characters of regular expressions',
      { values: ['10.0.0.1:8000'], pattern: true },
      '10\\\\.0\\\\.0\\\\.1:8000',
    ],
    ['a quote', { values: ['a"b'], pattern: true }, 'a\\"b'],
    ['text of a box, as it is', { values: ['a\\d`'], pattern: false }, 'a\\d'],
    ['a custom value for All', { values: [], raw: '.*', pattern: true }, '.*'],
  ] satisfies [string, VariableValue, string][])('%s', (_, value, text) => {
    expect(interpolate('up{service=~"$service"}', scope({ service: value }))).toBe(`up{service=~"${text}"}`);
  });
  it('fills in Grafana’s own, and leaves unknown ones for the error to name', () => {
    const text = '[$__rate_interval] [$__interval] [$__auto] [$__range] ${__from} $__to $__interval_ms $nope';
    expect(interpolate(text, scope({}))).toBe('[1m] [30s] [30s] [3600s] 1000000 4600000 30000 $nope');
  });
  it('takes braces and formats', () => {
    const value = { values: ['x'], pattern: false };
    expect(interpolate('${a} ${a:regex} $a', scope({ a: value }))).toBe('x x x');
    const two = scope({ a: { values: ['x y', 'z&'], pattern: true } });
    expect(interpolate('${a:percentencode} ${a:csv} ${a:pipe} ${a:queryparam}', two)).toBe(
      'x%20y%2Cz%26 x y,z& x y|z& var-a=x+y&var-a=z%26',
    );
  });
});

describe('links and legends', () => {
  it('fill a link with labels, encoded for a URL', () => {
    const url = '/explore?panes=%22${__field.labels.service}%22&from=${__from}';
    expect(interpolateLink(url, { service: 'a&b' }, scope({}))).toBe(
      '/explore?panes=%22a%26b%22&from=1000000',
    );
  });
  it('name a series by its format, or by its labels', () => {
    expect(legendText('{{service}} {{ check }}', { service: 'sync', check: 'process' })).toBe('sync process');
    expect(legendText(undefined, { __name__: 'up', job: 'x' })).toBe('up{job="x"}');
    expect(legendText('', {})).toBe('value');
    expect(legendText('{{level}}', {})).toBe('no level');
  });
});
