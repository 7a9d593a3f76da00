import fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import { expect, it } from 'vitest';
import { ProtobufWriter } from './protobuf-writer.ts';

const writer = new ProtobufWriter();

it('writes texts of any length and characters as the library does', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 50 }),
    fc.tuple(fc.constantFrom('a', 'é', '✓', '😀'), fc.nat(50_000)).map(([unit, times]) => unit.repeat(times)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
      const written = writer.encoded(() => {
        for (const one of texts) writer.text(one);
      });
      const expected = protobuf.Writer.create();
      for (const one of texts) expected.string(one);
      expect(Buffer.compare(written, expected.finish())).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('writes numbers up to 2^53', () => {
  for (const value of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]) {
    const written = writer.encoded(() => writer.varint(value));
    expect([...written]).toEqual([...protobuf.Writer.create().uint64(value).finish()]);
  }
});

it.each([0, 5, 127, 128, 300, 20_000])('moves what was guessed to have %i bytes', (guess) => {
  for (const length of [0, 1, 127, 128, 16_384, 200_000]) {
    const bytes = Buffer.alloc(length, 7);
    const written = writer.encoded(() => {
      writer.varint(1);
      const start = writer.open(guess);
      writer.raw(bytes);
      writer.close(start, guess);
      writer.varint(2);
    });
    const expected = protobuf.Writer.create().uint32(1).bytes(bytes).uint32(2).finish();
    expect(Buffer.compare(written, expected)).toBe(0);
  }
});

it('begins anew after one that failed, and never gives the same memory twice', () => {
  expect(() =>
    writer.encoded(() => {
      writer.text('half');
      throw new Error('in between');
    }),
  ).toThrow('in between');
  const first = writer.encoded(() => writer.text('one'));
  const second = writer.encoded(() => writer.text('two'));
  expect([first, second].map((bytes) => Buffer.from(bytes).toString())).toEqual(['\x03one', '\x03two']);
  expect(first.buffer.byteLength).toBe(first.byteLength);
});
