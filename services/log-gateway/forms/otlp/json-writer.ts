const [quote, backslash, space] = [0x22, 0x5c, 0x20];
const escapes: ReadonlyMap<number, string> = new Map(
  ['\b', '\f', '\n', '\r', '\t', '"', '\\'].map((text) => [
    text.charCodeAt(0),
    JSON.stringify(text).slice(1, -1),
  ]),
);
/** Of a byte of a text, escaped as `\u0000`. */
const longestEscape = 6;

/** Writes JSON into one piece of memory that serves again and again. */
export class JsonWriter {
  readonly #bytes: Buffer;
  #at = 0;

  /** @param most bytes that it takes */
  constructor(most: number) {
    this.#bytes = Buffer.allocUnsafeSlow(most);
  }

  /** What was written since `clear`, until the next one. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  /** Of ASCII alone. @throws RangeError when there is no room */
  ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) bytes[this.#at++] = text.charCodeAt(index);
  }

  /** A whole number below 10^`width`, with zeros before it. @param width at most 9 */
  digits(number: number, width: number): void {
    this.#reserve(width);
    let rest = number;
    for (let at = this.#at + width - 1; at >= this.#at; at -= 1) {
      this.#bytes[at] = 0x30 + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.#at += width;
  }

  raw(given: Uint8Array): void {
    this.#reserve(given.length);
    const bytes = this.#bytes;
    for (let index = 0; index < given.length; index += 1) bytes[this.#at++] = given[index] ?? 0;
  }

  /** A text in UTF-8, between quotes, as JavaScript writes it. @throws RangeError when there is no room */
  text(from: Uint8Array, start: number, end: number): void {
    this.#reserve(longestEscape * (end - start) + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = quote;
    for (let index = start; index < end; index += 1) {
      const byte = from[index] ?? 0;
      if (byte >= space && byte !== quote && byte !== backslash) bytes[at++] = byte;
      else at += bytes.write(escaped(byte), at, 'latin1');
    }
    bytes[at++] = quote;
    this.#at = at;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw new RangeError('there is no room');
  }
}

const escaped = (byte: number): string => escapes.get(byte) ?? `\\u${byte.toString(16).padStart(4, '0')}`;
