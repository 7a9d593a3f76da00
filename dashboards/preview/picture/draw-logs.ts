import type { LogLine } from '../page/frames.ts';
import { toRecord } from '../page/log-record.ts';
import { fullTime } from '../page/time.ts';
import { levelColor, type PictureColors } from './colors.ts';
import { type Box, rect, textAt } from './elements.ts';
import { fitted, mono, plain, textWidth } from './text.ts';

const style = mono(12);
const lineHeight = 20;
const countHeight = 22;
const between = 10;

/** The newest lines that there is room for: time, level, service and message. */
export function drawLogs(lines: readonly LogLine[], box: Box, colors: PictureColors): string {
  const room = Math.max(0, Math.floor((box.height - countHeight) / lineHeight));
  const shown = lines.slice(0, room);
  const many = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, the newest first`;
  return [
    textAt(box.x + 10, box.y + 13, many, plain(12), { fill: colors.dim }),
    ...shown.map((line, index) =>
      drawLine(line, { ...box, y: box.y + countHeight + index * lineHeight }, colors),
    ),
  ].join('');
}

function drawLine(line: LogLine, { x, y, width }: Box, colors: PictureColors): string {
  const { time, level, message, fields } = toRecord(line);
  const service = fields.find(([name]) => name === 'service')?.[1] ?? '';
  const color = levelColor(level);
  const parts = [
    { text: fullTime(time).slice(5), fill: colors.dim },
    { text: level.padEnd(8), fill: color },
    ...(service === '' ? [] : [{ text: service, fill: colors.dim }]),
    { text: message.replaceAll(/\s+/g, ' '), fill: colors.text },
  ];
  let left = x + 16;
  const texts = parts.map(({ text, fill }) => {
    const shown = fitted(text, x + width - 8 - left, style);
    const drawn = shown === '' ? '' : textAt(left, y + 13, shown, style, { fill });
    left += textWidth(text, style) + between;
    return drawn;
  });
  return rect({ x: x + 6, y, width: 3, height: lineHeight - 3 }, { fill: color }) + texts.join('');
}
