import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isSimpleYaml } from './simple-yaml.ts';
import { toAnyYaml, toYaml } from './yaml.ts';

/** Pieces that mean something in YAML, and so must be quoted in the right places. */
const piece = fc.oneof(
  fc.constantFrom(...': # - ? , [ ] { } & * ! | > \' " % @ ` ~ = \\ < + . 0 1 0x1f 0o7 1e3'.split(' ')),
  fc.constantFrom(
    ' ',
    ': ',
    ' #',
    '- ',
    '\n',
    '\t',
    '---',
    '...',
    'null',
    'True',
    '.inf',
    '.NaN',
    '<<',
    'é',
    '😀',
  ),
  fc.constantFrom('sum(rate(a[5m])) > 0.1', '{{ $labels.service }}', 'P1', '2026-01-31', '12:30'),
  fc.string({ maxLength: 6 }),
);
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

describe('YAML of a file', () => {
  it('is what the library writes, whatever is in the data', () => {
    fc.assert(
      fc.property(tree, (data) => {
        expect(toYaml(data)).toBe(toAnyYaml(data));
      }),
      { numRuns: 1000 },
    );
  });
  it('reads back as it was where it is written without the library', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: text, list: fc.array(text) })), (data) => {
        fc.pre(isSimpleYaml(data));
        expect(toYaml(data)).toBe(toAnyYaml(data));
        expect(parse(toYaml(data))).toEqual(data);
      }),
      { numRuns: 500 },
    );
  });
  it.each([
    [{ a: 'one line', b: [1, true, { c: {} }, []], d: undefined }, true],
    [{ a: 'two\nlines' }, false],
    [{ a: null }, false],
    [{ a: new Date(0) }, false],
    [{ '---': 1 }, false],
    [[undefined], false],
    [Number.NaN, false],
  ])('%j is simple: %s', (data, simple) => {
    expect(isSimpleYaml(data)).toBe(simple);
    expect(toYaml(data)).toBe(toAnyYaml(data));
  });
});
