import { describe, expect, it } from 'vitest';
import { compareMetric } from './compare.ts';
import { parseExposition } from './exposition.ts';

const exposition = parseExposition(`# TYPE sent_total counter
sent_total{integration="slack",namespace="a",why="x"} 1
stored{job="a"} 1
`);
const sent = { type: 'counter', help: '', labels: ['integration'] } as const;

describe('a metric of the catalogue', () => {
  it('is verified by its type and labels; labels it does not list are reported, target labels are not', () => {
    expect(compareMetric('sent_total', sent, exposition)).toEqual({ state: 'verified', unlisted: ['why'] });
  });

  it.each([
    ['another type', { ...sent, type: 'gauge' }, 'its type is counter, not gauge'],
    [
      'a label that is not there',
      { ...sent, labels: ['integration', 'reason'] },
      'no sample has the label reason',
    ],
    [
      'both',
      { ...sent, type: 'gauge', labels: ['code', 'reason'] },
      'its type is counter, not gauge; no sample has the label code or reason',
    ],
  ] as const)('is different by %s', (_, entry, why) => {
    expect(compareMetric('sent_total', entry, exposition)).toEqual({ state: 'different', why });
  });

  it('may be exposed without its type, when it says so', () => {
    const untyped = parseExposition('# TYPE killed untyped\nkilled 1\n');
    const killed = { type: 'counter', help: '', labels: [] } as const;
    expect(compareMetric('killed', killed, untyped)).toMatchObject({ state: 'different' });
    expect(compareMetric('killed', { ...killed, exposedAs: 'untyped' }, untyped)).toMatchObject({
      state: 'verified',
    });
  });

  it('is not seen without a sample', () => {
    expect(compareMetric('other_total', sent, exposition)).toMatchObject({ state: 'not seen' });
  });

  it('that Prometheus writes by itself has no type, and can only be a gauge', () => {
    const stored = { type: 'gauge', help: '', labels: [] } as const;
    expect(compareMetric('stored', stored, exposition)).toMatchObject({ state: 'verified' });
    expect(compareMetric('stored', { ...stored, type: 'counter' }, exposition)).toMatchObject({
      state: 'different',
    });
  });
});
