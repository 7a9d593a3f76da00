import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition.ts';

const text = `# HELP http_seconds Duration
# TYPE http_seconds histogram
http_seconds_bucket{route="/a,b\\"}{",le="0.5"} 1
http_seconds_bucket{route="/",code="200",le="+Inf"} 2
http_seconds_sum{route="/"} 0.1
http_seconds_count{route="/"} 2
# TYPE requests_count counter
requests_count{path="/"} 4 1700000000000
# TYPE never_incremented_total counter
up 1
`;

describe('an exposition', () => {
  const metrics = parseExposition(text);

  it('joins the parts of a histogram, and the labels of all samples', () => {
    expect(metrics.get('http_seconds')).toEqual({
      type: 'histogram',
      labels: new Set(['route', 'le', 'code']),
    });
    expect(metrics.has('http_seconds_bucket')).toBe(false);
  });

  it('leaves a counter its name when that ends in _count', () => {
    expect(metrics.get('requests_count')).toEqual({ type: 'counter', labels: new Set(['path']) });
  });

  it('has no metric without a sample, and no type where none was said', () => {
    expect(metrics.has('never_incremented_total')).toBe(false);
    expect(metrics.get('up')).toEqual({ type: undefined, labels: new Set() });
  });
});
