import protobuf from 'protobufjs/light.js';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { refuseManyValuesInProtobuf, ValueCount } from './most-values.ts';

/** Levels of JSON that a body may have: more than any entry that is admitted needs. */
export const bodyLevels = 400;
const [quote, backslash, comma, newline] = [0x22, 0x5c, 0x2c, 0x0a];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

const tooMany = (most: number): HttpProblem =>
  new HttpProblem(413, `A request may have at most ${most} entries`);

/**
 * Looks over JSON before it is parsed, because what comes out of a small body may be too large for memory.
 * @param levels of the arrays that hold entries, or arrays of such, the outermost value being 1
 * @throws HttpProblem 413 where they have more than `most` items, or all of it too many values; 400 where the body is nested too deeply
 */
export function refuseManyInJson(body: Buffer, levels: readonly number[], most: number): void {
  // Entries, values and levels have a byte each at the least: so short a body has too many of none.
  if (body.length <= Math.min(most, bodyLevels)) return;
  const counted = new Set(levels);
  const isArray = new Uint8Array(bodyLevels + 1);
  const values = new ValueCount(most);
  let [depth, separators] = [0, 0];
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === quote) at = endOfText(body, at);
    else if (byte === openArray || byte === openObject) {
      depth += 1;
      values.add(1);
      if (depth > bodyLevels) throw new HttpProblem(400, 'The body is nested too deeply');
      isArray[depth] = byte === openArray ? 1 : 0;
    } else if (byte === closeArray || byte === closeObject) depth = Math.max(0, depth - 1);
    else if (byte === comma) {
      values.add(1);
      if (isArray[depth] !== 1 || !counted.has(depth)) continue;
      separators += 1;
      if (separators >= most) throw tooMany(most);
    }
  }
}

/** The same for JSON that ends with its line, good or not. @throws HttpProblem 413 where all have too many values */
export function refuseManyInLines(body: Buffer, most: number): void {
  const values = new ValueCount(most);
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === quote) at = endOfText(body, at, newline);
    else if (byte === comma || byte === openArray || byte === openObject) values.add(1);
  }
}

/** Where a text ends that begins with a quote. @param end another byte that ends it */
function endOfText(body: Buffer, start: number, end = quote): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote && body[at] !== end) {
    at += body[at] === backslash && body[at + 1] !== newline ? 2 : 1;
  }
  return at;
}

/**
 * The same for protobuf.
 * @param path numbers of the fields that lead to the entries, each a message that repeats @param type of the body
 * @throws HttpProblem 413; Error where the bytes are no protobuf
 */
export function refuseManyInProtobuf(
  body: Uint8Array,
  path: readonly number[],
  most: number,
  type: protobuf.Type,
): void {
  const reader = protobuf.Reader.create(body);
  const counts = path.map(() => 0);
  const walk = (end: number, level: number): void => {
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag !== (((path[level] ?? 0) << 3) | 2)) {
        reader.skipType(tag & 7);
        continue;
      }
      const count = (counts[level] ?? 0) + 1;
      counts[level] = count;
      if (count > most) throw tooMany(most);
      const inner = reader.uint32() + reader.pos;
      if (level + 1 < path.length) walk(inner, level + 1);
      else reader.skip(inner - reader.pos);
    }
  };
  walk(reader.len, 0);
  refuseManyValuesInProtobuf(body, type, most);
}

/** The lines of a text that are not empty. @throws HttpProblem 413 where they are too many */
export function linesOf(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== '') lines.push(line);
    if (lines.length > most) throw tooMany(most);
    start = end + 1;
  }
  return lines;
}
