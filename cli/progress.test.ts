import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { ToolProgress } from '../infra/local/toolchain/toolchain.ts';
import { formatElapsed, formatProgress, progressView } from './progress.ts';

const plain = pc.createColors(false);
const building = (detail: string, elapsedMs: number): ToolProgress => ({
  tool: 'loki',
  step: 'building',
  detail,
  elapsedMs,
});

test.each([
  [400, '0.4s'],
  [59_999, '59s'],
  [187_000, '3m07s'],
])('%i ms is %s', (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});

test('one line holds tool, step, detail and time, and fits the terminal', () => {
  expect(formatProgress(building('412 of 900 packages', 61_000), plain)).toBe(
    '  loki              building    412 of 900 packages 1m01s',
  );
  const narrow = formatProgress(building('x'.repeat(500), 61_000), plain, 60);
  expect(narrow.length).toBeLessThan(60);
  expect(narrow).toContain('… 1m01s');
  expect(formatProgress(building('two\nlines', 0), plain)).not.toContain('\n');
});

test('without a terminal: a line a step, and one every ten seconds while a step lasts, without colours', () => {
  const lines: string[] = [];
  const view = progressView({ write: (text) => lines.push(text) });
  view.update({ tool: 'loki', step: 'looking', detail: 'on PATH and in the cache', elapsedMs: 0 });
  for (let second = 1; second <= 25; second += 1) view.update(building(`${second} of 25`, second * 1_000));
  view.update({ tool: 'loki', step: 'ready', detail: '3.6.4 from build', elapsedMs: 26_000 });
  view.finish();
  expect(lines.map((line) => line.trim().split(/\s+/).slice(1, 3).join(' '))).toEqual([
    'looking on',
    'building 1',
    'building 11',
    'building 21',
    'ready 3.6.4',
  ]);
  expect(lines.join('')).not.toContain('\u001b');
});

test('on a terminal: one line a tool, redrawn in place', () => {
  let written = '';
  const view = progressView({ isTTY: true, columns: 0, write: (text) => (written += text) });
  view.update(building('1 of 2 packages', 1_000));
  view.update({ tool: 'promtail', step: 'waiting', detail: 'for a turn', elapsedMs: 1_000 });
  written = '';
  view.update(building('2 of 2 packages', 2_000));
  view.finish();
  expect(written.startsWith('\u001b[2A')).toBe(true);
  expect(written).toContain('2 of 2 packages');
  expect(written).not.toContain('1 of 2 packages');
});
