import { describe, expect, it } from 'vitest';
import { exactly, exactShare, type Pace, paced, plus, rateOf, stepAt } from './counter.ts';

describe('a paced counter', () => {
  it.each<[string, Pace, string]>([
    ['one pace', [[2, 10]], '0+2x10'],
    ['a step', stepAt(30, 1, 5), '0+1x2 7+5x239'],
    [
      'a reset',
      [
        [4, 1],
        [-4, 1],
      ],
      '0+4x1 0-4x0',
    ],
  ])('is written as promtool reads it: %s', (_, pace, text) => {
    expect(paced(pace)).toBe(text);
  });
  it('never goes back by a bit between two pieces, which would be a reset', () => {
    const [, last] = paced([
      [0.1, 30],
      [0, 5],
    ]).split(' ');
    let sum = 0;
    for (let scrape = 0; scrape < 30; scrape++) sum += 0.1;
    expect(last).toBe(`${sum}+0x4`);
  });
  it('is added to another piece by piece', () => {
    const steps: Pace = [
      [10, 2],
      [0, 4],
    ];
    expect(plus([[1, 6]], steps)).toEqual([
      [11, 2],
      [1, 4],
    ]);
  });
});

describe('exact rates', () => {
  it.each([
    [0.02, 300],
    [0.1, 120],
    [0.2, 300],
  ])('%d a second over %d s comes out to the last bit', (perSecond, window) => {
    const [growth] = exactly(perSecond, window);
    expect(rateOf(growth?.[0] ?? 0, window)).toBe(perSecond);
  });
  it.each([
    [1, 10, 120],
    [1, 50, 300],
    [1, 2, 300],
  ])('so does %d in %d over %d s', (part, whole, window) => {
    const [bad, good] = exactShare(part, whole, window).map((each) =>
      rateOf(each * (window / 15 - 1), window),
    );
    expect((bad ?? 0) / ((bad ?? 0) + (good ?? 0))).toBe(part / whole);
  });
});
