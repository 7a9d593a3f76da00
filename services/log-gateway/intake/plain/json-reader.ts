import { Names } from './spans.ts';

export const [quote, comma, colon] = [0x22, 0x2c, 0x3a];
export const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];
const [backslash, minus, dot, zero, nine, deleted] = [0x5c, 0x2d, 0x2e, 0x30, 0x39, 0x7f];
/** What may follow a backslash where JavaScript would write it so, too: `"`, `\`, b, f, n, r, t. */
const usualEscapes: ReadonlySet<number> = new Set([...Buffer.from('"\\bfnrt')]);
const literals = ['true', 'false', 'null'].map((text) => Buffer.from(text));
/** Digits that a double keeps, whatever the number is. */
const exactDigits = 15;
const fourZeros = 0x30303030;

/** What is in a text beside characters that stand for themselves. */
export const textHas = { nothing: 0, escape: 1, delete: 2 } as const;
export const notPlain = -1;

/**
 * Reads JSON in UTF-8 byte by byte, as far as it is plain: written as JavaScript writes the same value, but for space
 * between members. So its bytes can be passed on as they are. Whatever else it is, good or not, is `notPlain`.
 */
export class JsonReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The next byte that is no space; -1 at the end. */
  next(): number {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at] ?? 0;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return -1;
  }

  /** Goes behind a text from its quote on. @returns bits of `textHas`, or `notPlain` */
  text(): number {
    const { bytes } = this;
    let has: number = textHas.nothing;
    for (let at = this.at + 1; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.at = at + 1;
        return has;
      }
      if (byte < 0x20) return notPlain;
      if (byte === backslash) {
        at += 1;
        if (!usualEscapes.has(bytes[at] ?? 0)) return notPlain;
        has |= textHas.escape;
      } else if (byte === deleted) has |= textHas.delete;
    }
    return notPlain;
  }

  /** Goes behind a value without space in it. @param levels of objects and lists that it may have */
  value(levels: number): boolean {
    const byte = this.bytes[this.at] ?? 0;
    if (byte === quote) return this.text() !== notPlain;
    if (byte === minus || (byte >= zero && byte <= nine)) return this.#number();
    if (byte === openObject || byte === openArray) return levels > 0 && this.#nested(byte, levels);
    return literals.some((literal) => this.#literal(literal));
  }

  /** Goes behind a value that JSON.parse is to read; false where it has no end. */
  skip(): boolean {
    const { bytes } = this;
    let depth = 0;
    for (let at = this.at; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        for (at += 1; at < bytes.length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1;
      } else if (byte === openObject || byte === openArray) depth += 1;
      else if (byte === closeObject || byte === closeArray || byte === comma) {
        if (byte !== comma && depth > 0) depth -= 1;
        else if (depth === 0) {
          this.at = at;
          return true;
        }
      }
    }
    return false;
  }

  /** No exponent, no zero too many, no more digits than a double keeps. */
  #number(): boolean {
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === minus) at += 1;
    const whole = at;
    while (isDigit(bytes[at])) at += 1;
    const digits = at - whole;
    const startsWithZero = bytes[whole] === zero;
    if (digits === 0 || digits > exactDigits || (startsWithZero && digits > 1)) return false;
    if (bytes[at] === dot) {
      const fraction = at + 1;
      for (at = fraction; isDigit(bytes[at]); ) at += 1;
      if (at === fraction || bytes[at - 1] === zero || digits + at - fraction > exactDigits) return false;
      // Below a millionth JavaScript writes an exponent.
      if (startsWithZero && at - fraction > 4 && bytes.readUInt32BE(fraction) === fourZeros) return false;
    } else if (startsWithZero && whole > this.at) return false;
    const after = bytes[at] ?? 0;
    if (after === 0x65 || after === 0x45) return false;
    this.at = at;
    return true;
  }

  #literal(literal: Buffer): boolean {
    const end = this.at + literal.length;
    if (this.bytes.compare(literal, 0, literal.length, this.at, Math.min(end, this.bytes.length)) !== 0)
      return false;
    this.at = end;
    return true;
  }

  #nested(open: number, levels: number): boolean {
    const { bytes } = this;
    const close = open === openObject ? closeObject : closeArray;
    const names = new Names();
    this.at += 1;
    if (bytes[this.at] === close) {
      this.at += 1;
      return true;
    }
    for (;;) {
      if (open === openObject && !this.#name(names)) return false;
      if (!this.value(levels - 1)) return false;
      const byte = bytes[this.at];
      this.at += 1;
      if (byte === close) return true;
      if (byte !== comma) return false;
    }
  }

  /** Of a member whose place JavaScript would not change, and which comes once. */
  #name(names: Names): boolean {
    const { bytes } = this;
    const start = this.at + 1;
    if (bytes[this.at] !== quote || this.text() !== textHas.nothing || bytes[this.at] !== colon) return false;
    const end = this.at - 1;
    this.at += 1;
    return keepsItsPlace(bytes, start, end) && names.add(bytes, start, end);
  }
}

const isDigit = (byte = 0): boolean => byte >= zero && byte <= nine;

/** Names that are numbers come first in an object, and one is no member of it. */
export const keepsItsPlace = (bytes: Buffer, start: number, end: number): boolean =>
  !isDigit(bytes[start]) && !(end - start === 9 && bytes.toString('latin1', start, end) === '__proto__');
