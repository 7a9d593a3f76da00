import { marked, type Token, type Tokens } from 'marked';
import type { PictureColors } from './colors.ts';
import { drawTable } from './draw-table.ts';
import { type Box, textAt } from './elements.ts';
import { plain, type TextStyle, wrapped } from './text.ts';

const tableRowHeight = 31;

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
  if (isTable(token)) return [tableBlock(token, box, colors)];
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

function tableBlock({ header, rows }: Tokens.Table, box: Box, colors: PictureColors): Block {
  const table = {
    columns: header.map(({ tokens }) => plainText(tokens)),
    rows: rows.map((row) =>
      row.map(({ tokens }) => {
        const text = plainText(tokens);
        return { text, sort: text };
      }),
    ),
  };
  const height = Math.min(box.height, (rows.length + 1) * tableRowHeight);
  return { height, draw: (y) => drawTable(table, { ...box, y, height }, colors) };
}

/** What is left when links and emphasis are gone. */
function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : '',
    )
    .join('');
}
