import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { removeSearchIndex, searchIndexFile } from './index-file.ts';
import { spansWith } from './index-reader.ts';
import { SearchIndex } from './index-writer.ts';
import { joinSpans } from './join-spans.ts';
import { mostWords } from './known-minutes.ts';
import { Words, wholeWords } from './words.ts';

const minute = 60_000;
const base = 28_000_000 * minute;
const directory = mkdtempSync(join(tmpdir(), 'search-index-'));
const day = { startMs: base, endMs: base + 1440 * minute };

afterEach(() => {
  removeSearchIndex(directory);
  return () => rmSync(directory, { recursive: true, force: true });
});

function indexFrom(
  fromMs: number,
  onTrouble: (error: unknown) => void = (error) => expect.unreachable(String(error)),
  settleMs = 0,
): SearchIndex {
  return new SearchIndex({ directory, keepHours: 48, fromMs, settleMs, onTrouble });
}

const entry = (ms: number, line: string, service = 'till') => ({
  service,
  entries: {
    forEach: (use: (seconds: number, line: () => string) => void) => use(Math.floor(ms / 1000), () => line),
  },
});

const minuteSpan = (index: number, services: readonly string[] | undefined = ['till']) => ({
  startMs: base + index * minute,
  endMs: base + (index + 1) * minute,
  services: services && new Set(services),
});

describe('whole words of a text', () => {
  it.each([
    ['timeout', []],
    ['order 12', []],
    ['order 12 of', ['12']],
    ['"a-b"', ['a', 'b']],
    [' a b ', ['a', 'b']],
    ['', []],
    ['é ü ', ['ü']],
  ])('of %j are %j', (text, words) => {
    expect(wholeWords(text)).toEqual(words.flatMap((word) => wholeWords(` ${word} `)).sort((a, b) => a - b));
  });

  it('are in every line that contains the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', '_', '7', 'é', '\\') });
    fc.assert(
      fc.property(text, text, text, (before, middle, behind) => {
        const words = new Words();
        words.add(before + middle + behind);
        expect([...words.all()]).toEqual(expect.arrayContaining([...wholeWords(middle)]));
      }),
    );
  });
});

describe('the search index', () => {
  it('names the minutes that have all of the words, newest first, before and after they are merged', () => {
    const index = indexFrom(base);
    index.add('shop', [entry(base, 'order 1 of a'), entry(base + 3 * minute, 'order 2 of b')]);
    index.add('shop', [entry(base + 5 * minute, 'order 2 of c'), entry(base + 6 * minute, 'order 3 2x')]);
    index.add('other', [entry(base + 4 * minute, 'order 2 of d')]);
    const spans = () => spansWith(directory, 'shop', wholeWords('order 2 of'), day);
    const expected = [minuteSpan(5), minuteSpan(3)];
    expect(spans()).toEqual(expected);
    expect(index.tidy(day.endMs)).toBe(false);
    expect(spans()).toEqual(expected);
    index.add('shop', [entry(base + 3 * minute, 'late 4 one'), entry(base + 7 * minute, 'order 2 of e')]);
    expect(spansWith(directory, 'shop', wholeWords(' 4 '), day)).toEqual([minuteSpan(3)]);
    index.tidy(day.endMs);
    expect(spansWith(directory, 'shop', wholeWords(' 4 '), day)).toEqual([minuteSpan(3)]);
    expect(spans()).toEqual([minuteSpan(7), ...expected]);
    index.close();
  });

  it('names the services that have all of the words, before and after minutes are merged', () => {
    const index = indexFrom(base);
    index.add('shop', [entry(base, ' 1 2 ', 'a'), entry(base, ' 1 ', 'b'), entry(base, ' 2 ', 'c')]);
    index.add('shop', [entry(base, ' 2 ', 'b'), entry(base, ' 3 ', 'd"\\')]);
    index.add('shop', [entry(base + minute, ' 1 ', 'a'), entry(base + minute, ' 2 ', 'b')]);
    const spans = (text: string) => spansWith(directory, 'shop', wholeWords(text), day);
    for (const merge of [false, true]) {
      if (merge) index.tidy(day.endMs);
      expect(spans(' 1 2 ')).toEqual([minuteSpan(0, ['a', 'b'])]);
      expect(spans(' 3 ')).toEqual([minuteSpan(0, ['d"\\'])]);
      expect(spans(' 2 ')).toEqual([minuteSpan(1, ['b']), minuteSpan(0, ['a', 'b', 'c'])]);
    }
    index.close();
  });

  it('never leaves out a minute or a service with what is looked for', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 3 });
    const service = fc.constantFrom('till', 'stock', 'a');
    const lines = fc.array(fc.tuple(fc.nat(5), fc.array(word, { minLength: 1, maxLength: 4 }), service), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(lines, word, fc.boolean(), (given, looked, merge) => {
        removeSearchIndex(directory);
        const index = indexFrom(base);
        for (const [at, words, of] of given)
          index.add('shop', [entry(base + at * minute, words.join(' '), of)]);
        if (merge) index.tidy(day.endMs);
        index.close();
        const spans = spansWith(directory, 'shop', wholeWords(` ${looked} `), day) ?? [];
        const wanted = new Map<number, string[]>();
        for (const [at, words, of] of given)
          if (words.includes(looked)) wanted.set(at, [...(wanted.get(at) ?? []), of]);
        const minutes = [...wanted].sort(([a], [b]) => b - a);
        expect(spans).toEqual(minutes.map(([at, services]) => minuteSpan(at, services)));
      }),
      { numRuns: 30 },
    );
  });

  it('counts a minute with too many words as having every one, and keeps none of them, also after a restart', () => {
    const manyWords = (from: number) =>
      Array.from({ length: mostWords / 2 + 500 }, (_, index) => `w${from + index}`).join(' ');
    const full = [{ ...minuteSpan(1), services: undefined }];
    const first = indexFrom(base);
    first.add('shop', [entry(base, ' 1 '), entry(base + minute, manyWords(0))]);
    expect(spansWith(directory, 'shop', wholeWords(' 1 '), day)).toEqual([minuteSpan(0)]);
    first.tidy(day.endMs);
    first.close();
    const second = indexFrom(base);
    second.add('shop', [entry(base + minute, manyWords(mostWords))]);
    expect(spansWith(directory, 'shop', wholeWords(' 2 '), day)).toEqual(full);
    second.add('shop', [entry(base + minute, ' 2 ')]);
    expect(spansWith(directory, 'shop', wholeWords(' 3 '), day)).toEqual(full);
    second.close();
    const third = indexFrom(base);
    third.add('shop', [entry(base + minute, ' 4 ')]);
    third.tidy(day.endMs);
    third.close();
    expect(spansWith(directory, 'shop', wholeWords(' 5 '), day)).toEqual(full);
    expect(spansWith(directory, 'other', wholeWords(' 5 '), day)).toEqual([]);
    const database = new DatabaseSync(searchIndexFile(directory));
    expect(database.prepare('SELECT count(*) AS rows FROM added').get()).toEqual({ rows: 0 });
    database.close();
  });

  it('leaves a minute alone that lines still come for', () => {
    const index = indexFrom(base, undefined, 3_600_000);
    index.add('shop', [entry(base, ' 1 ')]);
    index.tidy(day.endMs);
    const database = new DatabaseSync(searchIndexFile(directory));
    expect(database.prepare('SELECT count(*) AS rows FROM added').get()).toEqual({ rows: 1 });
    database.close();
    index.close();
    const next = indexFrom(base, undefined, 3_600_000);
    expect(next.tidy(day.endMs)).toBe(false);
    next.close();
    expect(spansWith(directory, 'shop', wholeWords(' 1 '), day)).toEqual([minuteSpan(0)]);
  });

  it('has nothing to say of what is older than it', () => {
    const index = indexFrom(base + 2.5 * minute);
    index.add('shop', [entry(base + 2 * minute, ' 1 '), entry(base + 4 * minute, ' 1 ')]);
    index.close();
    expect(spansWith(directory, 'shop', wholeWords(' 1 '), day)).toEqual([
      minuteSpan(4),
      { ...minuteSpan(2), startMs: base + 2.5 * minute },
      { startMs: base, endMs: base + 2.5 * minute, services: undefined },
    ]);
    expect(
      spansWith(directory, 'shop', wholeWords(' 1 '), { startMs: base, endMs: base + minute }),
    ).toBeUndefined();
  });

  it('forgets what is older than it keeps, and says so', () => {
    const index = indexFrom(base);
    index.add('shop', [entry(base, ' 1 '), entry(base + 60 * minute, ' 1 ')]);
    index.tidy(day.endMs + 1440 * minute + 30 * minute);
    index.close();
    expect(spansWith(directory, 'shop', wholeWords(' 1 '), day)).toEqual([
      minuteSpan(60),
      { startMs: base, endMs: base + 31 * minute, services: undefined },
    ]);
  });

  it('counts damaged rows as having every word', () => {
    const index = indexFrom(base);
    index.add('shop', [entry(base, 'a b c')]);
    index.close();
    const database = new DatabaseSync(searchIndexFile(directory));
    database.exec('UPDATE added SET checksum = checksum + 1');
    database.close();
    expect(spansWith(directory, 'shop', wholeWords(' 1 '), day)).toEqual([
      { ...minuteSpan(0), services: undefined },
    ]);
  });

  it('is removed where it cannot be written, and searches do without', () => {
    const onTrouble = vi.fn();
    const index = indexFrom(base, onTrouble);
    index.add('shop', [entry(base, 'a b c')]);
    const database = new DatabaseSync(searchIndexFile(directory));
    database.exec('DROP TABLE added');
    database.close();
    index.add('shop', [entry(base, 'a b c')]);
    expect(onTrouble).toHaveBeenCalledOnce();
    index.add('shop', [entry(base, 'a b c')]);
    expect(onTrouble).toHaveBeenCalledOnce();
    expect(spansWith(directory, 'shop', wholeWords(' b '), day)).toBeUndefined();
  });

  it('is none where its file is something else', () => {
    writeFileSync(
      searchIndexFile(directory),
      'not a database, only a text that is long enough to look like one',
    );
    expect(spansWith(directory, 'shop', wholeWords(' b '), day)).toBeUndefined();
  });
});

describe('joining spans', () => {
  it('makes neighbours one, and then those with the least between them', () => {
    const spans = [minuteSpan(9, ['a']), minuteSpan(8, ['b']), minuteSpan(5, ['c']), minuteSpan(0)];
    expect(joinSpans(spans, 10)).toEqual([
      { ...minuteSpan(9, ['a', 'b']), startMs: base + 8 * minute },
      minuteSpan(5, ['c']),
      minuteSpan(0),
    ]);
    expect(joinSpans(spans, 2)).toEqual([
      { ...minuteSpan(9, ['a', 'b', 'c']), startMs: base + 5 * minute },
      minuteSpan(0),
    ]);
    const anywhere = { ...minuteSpan(8), services: undefined };
    expect(joinSpans([minuteSpan(9), anywhere], 1)).toEqual([{ ...anywhere, endMs: base + 10 * minute }]);
    expect(joinSpans([], 3)).toEqual([]);
  });
});
