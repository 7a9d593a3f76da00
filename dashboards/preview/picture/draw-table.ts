import type { Table } from '../page/table.ts';
import type { PictureColors } from './colors.ts';
import { type Box, rect, textAt } from './elements.ts';
import { fitted, plain, textWidth } from './text.ts';

const head = plain(13, 500);
const body = plain(13);
const rowHeight = 31;
const padding = 10;

/** As many rows as there is room for; the rest is counted. */
export function drawTable({ columns, rows }: Table, box: Box, colors: PictureColors): string {
  const room = Math.max(0, Math.floor(box.height / rowHeight) - 1);
  const shown = rows.length > room ? rows.slice(0, Math.max(0, room - 1)) : rows;
  const widths = columnWidths({ columns, rows: shown }, box.width);
  const cells = (texts: readonly string[], row: number, style: typeof body, fill: string): string => {
    let x = box.x;
    return texts
      .map((text, column) => {
        const width = widths[column] ?? 0;
        const shownText = fitted(text, width - 2 * padding, style);
        const drawn = textAt(x + padding, box.y + row * rowHeight + 20, shownText, style, { fill });
        x += width;
        return drawn;
      })
      .join('');
  };
  const line = (row: number): string =>
    rect(
      { x: box.x, y: box.y + row * rowHeight + rowHeight - 1, width: box.width, height: 1 },
      { fill: colors.border },
    );
  const left = rows.length - shown.length;
  return [
    cells(columns, 0, head, colors.accent),
    line(0),
    ...shown.map((row, index) => {
      const texts = row.map(({ text }) => text);
      return cells(texts, index + 1, body, colors.text) + line(index + 1);
    }),
    left > 0
      ? textAt(box.x + padding, box.y + (shown.length + 1) * rowHeight + 20, `and ${left} more`, body, {
          fill: colors.dim,
        })
      : '',
  ].join('');
}

/** Each column as wide as its widest text; what is left over, or lacks, is shared in proportion. */
function columnWidths({ columns, rows }: Table, width: number): readonly number[] {
  const natural = columns.map((column, index) =>
    Math.max(
      textWidth(column, head) + 2 * padding,
      ...rows.map((row) => textWidth(row[index]?.text ?? '', body) + 2 * padding),
    ),
  );
  const total = natural.reduce((sum, one) => sum + one, 0);
  return natural.map((one) => (one * width) / Math.max(1, total));
}
