import protobuf from 'protobufjs/light.js';
import type { Span } from '../../intake/plain/spans.ts';

/** Of a value that did not come, which one without bytes is not. */
export const span = (): Span => ({ start: -1, end: -1 });
export const isThere = ({ start }: Span): boolean => start !== -1;
export function forget(given: Span): void {
  given.start = -1;
  given.end = -1;
}

const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;
const [startGroup, endGroup] = [3, 4];
/** OpenTelemetry numbers its fields from 1 on; what is far above is rather a broken body. */
const mostField = 1000;
/** What stands before a value of protobuf: the number of its field, and how it is written. */
export const tagOf = (field: number, type: keyof typeof wireTypes): number => (field << 3) | wireTypes[type];

class NotPlain extends Error {}
/** One for all: where it comes from says nothing. */
export const notPlain = new NotPlain('it is not plain');

/** Goes through a body of protobuf without making anything of it. */
export class Wire {
  readonly body: Buffer;
  readonly reader: protobuf.Reader;

  constructor(body: Buffer) {
    this.body = body;
    this.reader = protobuf.Reader.create(body);
  }

  /**
   * Goes through the fields of a message that ends at `end`.
   * @param read goes behind the value of a field, or is to `skip` it @throws Error when the message is none
   */
  each(end: number, read: (tag: number, end: number) => void): void {
    const { reader } = this;
    while (reader.pos < end) read(reader.uint32(), end);
    if (reader.pos !== end) throw notPlain;
  }

  /** Reads a length. @returns where that ends @throws NotPlain when it is beyond what it is in */
  end(within: number): number {
    const length = this.reader.uint32();
    const end = this.reader.pos + length;
    if (end > within) throw notPlain;
    return end;
  }

  /** Notes where a text or a message is, and goes behind it. @throws NotPlain when it was noted before */
  note(given: Span, within: number): void {
    const end = this.end(within);
    if (isThere(given)) throw notPlain;
    given.start = this.reader.pos;
    given.end = end;
    this.reader.pos = end;
  }

  /**
   * Goes behind a field that says nothing.
   * @param last of those that say something: such a one is odd here, and so is a group, which nobody writes any more
   * @throws NotPlain
   */
  skip(tag: number, last: number): void {
    const [field, type] = [tag >>> 3, tag & 7];
    if (field <= last || field > mostField || type === startGroup || type === endGroup) throw notPlain;
    this.reader.skipType(type);
  }
}
