import { describe, expect, it } from 'vitest';
import { pictureColors } from './colors.ts';
import { openTypeFonts } from './fonts.ts';
import { legendFor } from './legend.ts';
import { fitted, mono, plain, styleOf, textWidth, wrapped } from './text.ts';

describe('text', () => {
  it('is as wide as its font says', () => {
    // JetBrains Mono: every character is 600 of 1000 units wide.
    expect(textWidth('imW—é', mono(10))).toBeCloseTo(30, 5);
    expect(textWidth('W', plain(12))).toBeGreaterThan(2 * textWidth('i', plain(12)));
    expect(textWidth('abc', plain(12, 600))).toBeGreaterThan(textWidth('abc', plain(12)));
    // A character of another alphabet has a width too.
    expect(textWidth('Ж', plain(10))).toBeGreaterThan(0);
  });
  it('is cut with an ellipsis to the room there is', () => {
    expect(fitted('short', 100, plain(12))).toBe('short');
    const cut = fitted('a rather long title of a panel', 100, plain(12));
    expect(cut).toMatch(/^a rather.*…$/);
    expect(textWidth(cut, plain(12))).toBeLessThanOrEqual(100);
    expect(fitted('x', 1, plain(12))).toBe('');
  });
  it('is wrapped between words', () => {
    const lines = wrapped('one two three four five six', 60, plain(12));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe('one two three four five six');
    for (const line of lines) expect(textWidth(line, plain(12))).toBeLessThanOrEqual(60);
  });
  it.each([
    ['600 32px Inter, sans-serif', plain(32, 600)],
    ['normal normal 12px Inter', plain(12)],
    ['bold 14px Inter', plain(14, 600)],
    [' 13px Inter', plain(13)],
    ["12.5px 'JetBrains Mono'", mono(12.5)],
  ])('has the style %j', (font, style) => {
    expect(styleOf(font)).toEqual(style);
  });
});

describe('the fonts', () => {
  it('become OpenType files whose tables lie where they say', () => {
    const fonts = openTypeFonts();
    expect(fonts.map(({ name }) => name)).toContain('Inter-600-latin.ttf');
    for (const { data } of fonts) {
      expect(data.readUInt32BE(0)).toBe(0x00010000);
      const tables = Array.from({ length: data.readUInt16BE(4) }, (_, index) => 12 + index * 16);
      for (const entry of tables) {
        const [offset, length] = [data.readUInt32BE(entry + 8), data.readUInt32BE(entry + 12)];
        expect(offset % 4).toBe(0);
        expect(offset + length).toBeLessThanOrEqual(data.length);
      }
    }
  });
});

describe('a legend', () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `series ${index}`, color: '#fff', labels: {} }));
  const box = { x: 0, y: 0, width: 300, height: 100 };
  it('has as many names as two lines hold, and counts the others', () => {
    const drawn = legendFor(entries(40), 300, pictureColors('dark')).draw(box);
    const names = drawn.match(/>series \d+</g)?.length ?? 0;
    expect(drawn).toContain(`>and ${40 - names} more<`);
  });
  it('takes no room when there is nothing to name', () => {
    expect(legendFor([], 300, pictureColors('dark')).height).toBe(0);
  });
});
