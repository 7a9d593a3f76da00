import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CriLogWriter } from './cri-log.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sightline-cri-'));
  file = path.join(directory, 'pod', 'app', '0.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

const criLine = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) (stdout|stderr) ([FP]) (.*)$/s;

function parse(text: string) {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, time = '', stream = '', tag = '', content = ''] = criLine.exec(line) ?? [];
      return { time, stream, tag, content };
    });
}

/** Joins partial lines as Promtail's CRI stage does. */
function joined(lines: ReturnType<typeof parse>, stream: string): string[] {
  const whole: string[] = [];
  let partial = '';
  for (const line of lines.filter((candidate) => candidate.stream === stream)) {
    partial += line.content;
    if (line.tag === 'P') continue;
    whole.push(partial);
    partial = '';
  }
  return whole;
}

describe('CRI log', () => {
  it('writes one line an input line, with nanoseconds, stream and tag', () => {
    const writer = new CriLogWriter(file, undefined, () => Date.UTC(2026, 10, 21, 10, 0, 0, 123));
    writer.write('stdout', Buffer.from('{"a":1}\n\n'));
    writer.write('stderr', Buffer.from('oh\n'));
    writer.close();
    expect(readFileSync(file, 'utf8')).toBe(
      [
        '2026-11-21T10:00:00.123000000Z stdout F {"a":1}',
        '2026-11-21T10:00:00.123000001Z stdout F ',
        '2026-11-21T10:00:00.123000002Z stderr F oh',
        '',
      ].join('\n'),
    );
  });

  it('splits a line beyond 16 KiB into partial lines between characters, and one of exactly 16 KiB not', () => {
    const writer = new CriLogWriter(file);
    const long = `a${'€'.repeat(11_000)}`;
    writer.write('stdout', Buffer.from(`${'x'.repeat(16_384)}\n${long}\n`));
    writer.close();
    const lines = parse(readFileSync(file, 'utf8'));
    expect(lines.map((line) => line.tag)).toEqual(['F', 'P', 'P', 'F']);
    expect(lines.every((line) => Buffer.byteLength(line.content) <= 16_384)).toBe(true);
    expect(joined(lines, 'stdout')).toEqual(['x'.repeat(16_384), long]);
  });

  it('keeps every line whole and timestamps growing, however the output is torn into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
          { maxLength: 20 },
        ),
        fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 10 }),
        (inputLines, sizes) => {
          rmSync(file, { force: true });
          const writer = new CriLogWriter(file, undefined, () => 1_000);
          const bytes = Buffer.from(inputLines.map((line) => `${line}\n`).join(''));
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            writer.write('stdout', bytes.subarray(at, at + size));
            at += size;
          }
          writer.close();
          const lines = parse(readFileSync(file, 'utf8'));
          expect(joined(lines, 'stdout')).toEqual(inputLines);
          const times = lines.map((line) => line.time);
          expect(new Set(times).size).toBe(times.length);
          expect([...times].sort()).toEqual(times);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('flushes a last line without newline once, and keeps the two streams apart', () => {
    const writer = new CriLogWriter(file);
    writer.write('stdout', Buffer.from('half '));
    writer.write('stderr', Buffer.from('other\n'));
    writer.write('stdout', Buffer.from('done'));
    writer.flush();
    writer.close();
    const lines = parse(readFileSync(file, 'utf8'));
    expect(joined(lines, 'stdout')).toEqual(['half done']);
    expect(joined(lines, 'stderr')).toEqual(['other']);
  });

  it('loses and tears no line at rotation, keeps the newest files, and their names do not match *.log', () => {
    const writer = new CriLogWriter(file, { maxBytes: 4_000, keep: 50 });
    const expected: string[] = [];
    for (let number = 0; number < 500; number += 1) {
      expected.push(`line ${number}`);
      writer.write('stdout', Buffer.from(`line ${number}\n`));
    }
    writer.close();
    const names = readdirSync(path.dirname(file)).sort();
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => name.endsWith('.log'))).toEqual(['0.log']);
    const [current = '', ...aside] = names;
    const text = [...aside, current]
      .map((name) => readFileSync(path.join(path.dirname(file), name), 'utf8'))
      .join('');
    expect(joined(parse(text), 'stdout')).toEqual(expected);
  });

  it('keeps no more files than it may', () => {
    const writer = new CriLogWriter(file, { maxBytes: 500, keep: 2 });
    for (let number = 0; number < 100; number += 1) writer.write('stdout', Buffer.from(`line ${number}\n`));
    writer.close();
    expect(readdirSync(path.dirname(file))).toHaveLength(3);
    expect(readFileSync(file, 'utf8')).toContain('line 99');
  });

  it('appends to what is there, and closes a line that a killed supervisor left torn', () => {
    new CriLogWriter(file).close();
    writeFileSync(file, '2026-11-21T10:00:00.000000000Z stdout F to');
    const writer = new CriLogWriter(file);
    writer.write('stdout', Buffer.from('next\n'));
    writer.close();
    expect(parse(readFileSync(file, 'utf8')).map((line) => line.content)).toEqual(['to', 'next']);
  });
});
