/** Where a value is in the body of a request. */
export interface Span {
  start: number;
  end: number;
}

/** Whether two spans have the same bytes. */
export function sameBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  other: Uint8Array,
  from: number,
): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== other[from + at - start]) return false;
  return true;
}

/** Names of one object that are looked at for one that comes twice. */
const mostNames = 32;

/** Names of one object, by where each starts and ends. */
export class Names {
  readonly #places: number[] = [];
  #end = 0;

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  clear(): void {
    this.#end = 0;
  }

  /** @returns false where it is among them, or they are too many */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const places = this.#places;
    if (this.#end >= 2 * mostNames) return false;
    for (let at = 0; at < this.#end; at += 2) {
      const [other = 0, otherEnd = 0] = [places[at], places[at + 1]];
      if (otherEnd - other === end - start && sameBytes(bytes, start, end, bytes, other)) return false;
    }
    places[this.#end++] = start;
    places[this.#end++] = end;
    return true;
  }
}

const buckets = 256;
const mostKept = 1024;
const longestKept = 64;

interface Kept<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/** What is made of bytes that come again and again, without making a text of them each time. */
export class Remembered<T> {
  readonly #make: (bytes: Buffer, start: number, end: number) => T;
  readonly #buckets: Kept<T>[][] = Array.from({ length: buckets }, () => []);
  #count = 0;

  constructor(make: (bytes: Buffer, start: number, end: number) => T) {
    this.#make = make;
  }

  of(bytes: Buffer, start: number, end: number): T {
    const length = end - start;
    const mixed =
      length * 31 + (bytes[start] ?? 0) * 7 + (bytes[start + (length >> 1)] ?? 0) * 3 + (bytes[end - 1] ?? 0);
    const bucket = this.#buckets[mixed % buckets] ?? [];
    for (const kept of bucket) {
      if (kept.bytes.length === length && sameBytes(bytes, start, end, kept.bytes, 0)) return kept.value;
    }
    const value = this.#make(bytes, start, end);
    if (this.#count < mostKept && length <= longestKept) {
      this.#count += 1;
      bucket.push({ bytes: new Uint8Array(bytes.subarray(start, end)), value });
    }
    return value;
  }
}
