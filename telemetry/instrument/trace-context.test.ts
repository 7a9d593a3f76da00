import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptRequestId, formatTraceparent, parseTraceparent } from './trace-context.ts';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((id) => !/^0+$/.test(id));

describe('traceparent', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        const parent = { traceId, spanId, sampled };
        expect(parseTraceparent(formatTraceparent(parent))).toEqual(parent);
      }),
    );
  });

  it('is never the reason of a failure', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (header) => {
        const parsed = parseTraceparent(header, header);
        if (parsed !== undefined) expect(formatTraceparent(parsed).slice(3, 52)).toBe(header.slice(3, 52));
      }),
    );
  });

  const id = '0af7651916cd43dd8448eb211c80319c';
  const span = 'b7ad6b7169203331';
  it.each([
    ['a later version with more parts', `cc-${id}-${span}-01-what-comes`, true],
    ['other flags', `00-${id}-${span}-03`, true],
    ['version ff', `ff-${id}-${span}-01`, false],
    ['more parts in version 00', `00-${id}-${span}-01-x`, false],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${span}-01`, false],
    ['a span id of zeros', `00-${id}-${'0'.repeat(16)}-01`, false],
    ['upper case', `00-${id.toUpperCase()}-${span}-01`, false],
    ['nothing', undefined, false],
  ])('%s', (_, header, accepted) => {
    expect(parseTraceparent(header) !== undefined).toBe(accepted);
  });

  it('carries a sane tracestate along', () => {
    expect(parseTraceparent(`00-${id}-${span}-01`, 'vendor=1,b=2')?.traceState).toBe('vendor=1,b=2');
    expect(parseTraceparent(`00-${id}-${span}-01`, 'x\u0000')?.traceState).toBeUndefined();
    expect(parseTraceparent(`00-${id}-${span}-01`, 'x'.repeat(513))?.traceState).toBeUndefined();
  });
});

describe('a request id', () => {
  it.each(['a', '01JABC-def_1.2:3', 'x'.repeat(128), '5e0c5b3e-91f9-4d0c-9a40-5f2b8a3f9a11'])(
    '%s is kept',
    (id) => {
      expect(acceptRequestId(id)).toBe(id);
    },
  );
  it.each([undefined, '', 'x'.repeat(129), 'a b', 'a"b', '{x}', 'ü', '-rf', 'a\nb'])(
    '%j is replaced',
    (id) => {
      expect(acceptRequestId(id)).toMatch(/^[0-9a-f]{32}$/);
    },
  );
});
