import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut, layoutFaults } from './layout.ts';

describe('the layout', () => {
  it('stretches what the SDK would push over the edge, and fills every line', () => {
    const boxes = layOut(
      [10, 10, 10].map((width) => ({ width, height: 8 })),
      1,
    );
    expect(boxes).toEqual([
      { x: 0, y: 1, w: 10, h: 8 },
      { x: 10, y: 1, w: 14, h: 8 },
      { x: 0, y: 9, w: 24, h: 8 },
    ]);
  });
  it('has neither gaps nor overlaps, whatever the sizes', () => {
    const size = fc.record({
      width: fc.integer({ min: -3, max: 40 }),
      height: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), (sizes) => {
        const boxes = layOut(sizes, 0);
        expect(boxes).toHaveLength(sizes.length);
        expect(layoutFaults(boxes)).toEqual([]);
      }),
    );
  });
  it('tells overlaps, gaps and panels off the grid', () => {
    const kinds = (boxes: Parameters<typeof layoutFaults>[0]): string[] =>
      layoutFaults(boxes).map(({ kind }) => kind);
    expect(
      kinds([
        { x: 0, y: 0, w: 24, h: 2 },
        { x: 4, y: 1, w: 20, h: 1 },
      ]),
    ).toEqual(['overlap']);
    expect(kinds([{ x: 0, y: 0, w: 12, h: 2 }])).toEqual(['gap', 'gap']);
    expect(kinds([{ x: 20, y: 0, w: 10, h: 1 }])).toContain('outside');
  });
});
