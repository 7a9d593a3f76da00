const usualBytes = 64 * 1024;
/** A larger piece is not kept after its use. */
const mostKept = 8 * 1024 * 1024;
/** Copied one by one: a call of `set` costs more. */
const fewBytes = 96;
/** A number below 2^53 in seven bits each. */
const mostVarintBytes = 8;

/**
 * Writes protobuf's wire format (https://protobuf.dev/programming-guides/encoding) into one piece of memory that serves
 * again and again. For the pipeline's hottest path alone, where the library's writer takes longer
 * (docs/decisions/0021).
 */
export class ProtobufWriter {
  #bytes: Buffer;
  #at = 0;

  /** @param firstBytes of memory, which grows as it must */
  constructor(firstBytes: number = usualBytes) {
    this.#bytes = Buffer.allocUnsafeSlow(firstBytes);
  }

  /** Bytes of memory that it holds. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written, in memory that is written over after `clear`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    if (this.#bytes.length > mostKept) this.#bytes = Buffer.allocUnsafeSlow(usualBytes);
    this.#at = 0;
  }

  /** What `write` writes, in memory that the next one takes. */
  written(write: () => void): Uint8Array {
    this.clear();
    write();
    return this.bytes;
  }

  /** The same in memory of its own. */
  encoded(write: () => void): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.written(write));
  }

  /** A whole number that is not negative, below 2^53; the tag of a field is one. */
  varint(value: number): void {
    this.#reserve(mostVarintBytes);
    this.#at = varintInto(this.#bytes, value, this.#at);
  }

  /** The length of a text and its UTF-8. */
  text(value: string): void {
    const start = this.open(value.length);
    this.#reserve(3 * value.length);
    this.#at += this.#bytes.write(value, start);
    this.close(start, value.length);
  }

  raw(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const length = end - start;
    this.#reserve(length);
    if (length > fewBytes) {
      this.#bytes.set(length === bytes.length ? bytes : bytes.subarray(start, end), this.#at);
    } else {
      for (let index = 0; index < length; index += 1)
        this.#bytes[this.#at + index] = bytes[start + index] ?? 0;
    }
    this.#at += length;
  }

  /**
   * Begins what has its length before it.
   * @param guess about how many bytes it will have; what is written is moved where its length needs more or less room
   * @returns what `close` wants, with the same guess
   */
  open(guess: number): number {
    this.#reserve(mostVarintBytes);
    this.#at += varintSize(guess);
    return this.#at;
  }

  close(start: number, guess: number): void {
    const length = this.#at - start;
    const [left, needed] = [varintSize(guess), varintSize(length)];
    if (left !== needed) {
      this.#reserve(mostVarintBytes);
      this.#bytes.copyWithin(start - left + needed, start, this.#at);
      this.#at += needed - left;
    }
    varintInto(this.#bytes, length, start - left);
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** @returns where it ends */
function varintInto(bytes: Uint8Array, value: number, start: number): number {
  let at = start;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at] = rest;
  return at + 1;
}
