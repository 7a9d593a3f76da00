import { marked, type Token, type Tokens } from 'marked';
import type { PictureColors } from './colors.ts';
import { type Box, rect, textAt } from './elements.ts';
import { plain, type TextStyle, textWidth, wrapped } from './text.ts';

const cellPadding = 10;

/** Something of a text, how high it is, and how it is drawn from a y on. */
interface Block {
  readonly height: number;
  readonly draw: (y: number) => string;
}

/** Markdown as a picture has it: headings, paragraphs, lists, code and tables, without links. */
export function drawText(content: string, box: Box, colors: PictureColors): string {
  let y = box.y;
  const drawn: string[] = [];
  for (const block of marked.lexer(content).flatMap((token) => blocksOf(token, box, colors))) {
    if (y + block.height > box.y + box.height) break;
    drawn.push(block.draw(y));
    y += block.height;
  }
  return drawn.join('');
}

const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
const isList = (token: Token): token is Tokens.List => token.type === 'list';

function blocksOf(token: Token, box: Box, colors: PictureColors): readonly Block[] {
  if (isTable(token)) return tableBlocks(token, box, colors);
  if (isList(token))
    return token.items.flatMap((item) => lines(`• ${plainText([item])}`, plain(14), box, colors));
  if (token.type === 'heading') return lines(plainText([token]), plain(17, 600), box, colors);
  if (token.type === 'space') return [];
  return lines(plainText([token]), plain(14), box, colors);
}

function lines(text: string, style: TextStyle, box: Box, colors: PictureColors): readonly Block[] {
  const height = Math.round(style.size * 1.5);
  return wrapped(text, box.width - 20, style).map((line) => ({
    height,
    draw: (y) => textAt(box.x + 10, y + height * 0.72, line, style, { fill: colors.text }),
  }));
}

/** Rows as high as their longest cell, which is wrapped, unlike a table panel's. */
function tableBlocks({ header, rows }: Tokens.Table, box: Box, colors: PictureColors): readonly Block[] {
  const texts = [header, ...rows].map((row) => row.map(({ tokens }) => plainText(tokens)));
  const widths = columnWidths(texts, box.width);
  return texts.map((row, index) => {
    const style = index === 0 ? plain(13, 500) : plain(13);
    const cells = row.map((text, column) => wrapped(text, (widths[column] ?? 0) - 2 * cellPadding, style));
    const height = 13 + 18 * Math.max(1, ...cells.map(({ length }) => length));
    return { height, draw: (y) => drawRow(cells, widths, { ...box, y, height }, style, index === 0, colors) };
  });
}

function drawRow(
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  box: Box,
  style: TextStyle,
  isHead: boolean,
  colors: PictureColors,
): string {
  const fill = isHead ? colors.accent : colors.text;
  let x = box.x;
  const texts = cells.flatMap((lines, column) => {
    const left = x + cellPadding;
    x += widths[column] ?? 0;
    return lines.map((line, index) => textAt(left, box.y + 20 + index * 18, line, style, { fill }));
  });
  const line = { x: box.x, y: box.y + box.height - 1, width: box.width, height: 1 };
  return texts.join('') + rect(line, { fill: colors.border });
}

/** By the longest text of each column, but none takes more than this share of all. */
const widest = 0.4;

function columnWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const wanted = (rows[0] ?? []).map((_, column) =>
    Math.min(
      widest * width,
      Math.max(...rows.map((row) => textWidth(row[column] ?? '', plain(13)))) + 2 * cellPadding,
    ),
  );
  const total = wanted.reduce((sum, one) => sum + one, 0);
  return wanted.map((one) => (one * width) / Math.max(1, total));
}

/** What is left when links and emphasis are gone. */
function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : '',
    )
    .join('');
}
