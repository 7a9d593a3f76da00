import protobuf from 'protobufjs/light.js';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';

/** Values for each entry that a request may have, on the average; far more than anybody's entries have. */
const valuesAnEntry = 20;
const leastValues = 100_000;

/** Values that a request may have in all: objects, lists, texts and numbers, each some tens of bytes in memory. */
const mostValues = (mostEntries: number): number => Math.max(leastValues, mostEntries * valuesAnEntry);

/** Counts what is made of a request. */
export class ValueCount {
  readonly #most: number;
  #count = 0;

  constructor(mostEntries: number) {
    this.#most = mostValues(mostEntries);
  }

  /** @throws HttpProblem 413 where they are too many */
  add(count: number): void {
    this.#count += count;
    if (this.#count > this.#most) {
      throw new HttpProblem(413, `A request may have at most ${this.#most} values in its entries`);
    }
  }
}

/**
 * Counts every field that a decoder of this type makes something of, before it does.
 * @throws HttpProblem 413; Error where the bytes are no protobuf
 */
export function refuseManyValuesInProtobuf(body: Uint8Array, type: protobuf.Type, mostEntries: number): void {
  // A field has two bytes at the least.
  if (body.length / 2 <= mostValues(mostEntries)) return;
  const values = new ValueCount(mostEntries);
  const reader = protobuf.Reader.create(body);
  const walk = (message: protobuf.Type, end: number): void => {
    while (reader.pos < end) {
      const tag = reader.uint32();
      const inner = message.fieldsById[tag >>> 3]?.resolve().resolvedType;
      values.add(1);
      if (inner instanceof protobuf.Type && (tag & 7) === 2) walk(inner, reader.uint32() + reader.pos);
      else reader.skipType(tag & 7);
    }
  };
  walk(type, reader.len);
}

/** How many values a value has within, itself included. */
export function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) count += valuesIn(inner);
  return count;
}
