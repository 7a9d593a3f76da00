import type { LegendEntry } from '../page/draw-timeseries.ts';
import type { PictureColors } from './colors.ts';
import { type Box, rect, textAt } from './elements.ts';
import { fitted, plain, textWidth } from './text.ts';

const style = plain(12);
const lineHeight = 21;
/** A panel is for its lines; names beyond these are counted. */
const maxLines = 2;
const dash = 14;

interface Legend {
  readonly height: number;
  /** @param box of the panel's body; the legend stands at its bottom */
  readonly draw: (box: Box) => string;
}

interface PlacedEntry {
  readonly text: string;
  readonly color: string | undefined;
  readonly x: number;
  readonly line: number;
}

/** Names with their colours, as many as two lines hold. */
export function legendFor(entries: readonly LegendEntry[], width: number, colors: PictureColors): Legend {
  const placed = flow(entries, width - 20);
  const lines = Math.max(-1, ...placed.map(({ line }) => line)) + 1;
  return {
    height: lines * lineHeight + (lines > 0 ? 4 : 0),
    draw: ({ x, y, height }) =>
      placed
        .map(({ text, color, x: left, line }) => {
          const base = y + height - (lines - line) * lineHeight + 12;
          const mark = color
            ? rect({ x: x + 10 + left, y: base - 6, width: dash, height: 4 }, { fill: color, radius: 2 })
            : '';
          const shift = color ? dash + 6 : 0;
          return (
            mark +
            textAt(x + 10 + left + shift, base, text, style, { fill: color ? colors.text : colors.dim })
          );
        })
        .join(''),
  };
}

function flow(entries: readonly LegendEntry[], width: number): readonly PlacedEntry[] {
  const placed: PlacedEntry[] = [];
  let [x, line] = [0, 0];
  for (const [index, { name, color }] of entries.entries()) {
    const text = fitted(name, Math.min(240, width - dash - 6), style);
    const own = dash + 6 + textWidth(text, style) + 14;
    const left = entries.length - index - 1;
    // On the last line room is kept to count those that do not fit.
    const counted = line === maxLines - 1 && left > 0 ? 80 : 0;
    if (x > 0 && x + own + counted > width) {
      if (line === maxLines - 1) {
        placed.push({ text: `and ${left + 1} more`, color: undefined, x, line });
        return placed;
      }
      [x, line] = [0, line + 1];
    }
    placed.push({ text, color, x, line });
    x += own;
  }
  return placed;
}
