import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { parseDuration } from './duration.ts';
import { clearFaults, faultsFile, parseFaults, readFaults, writeFault } from './file.ts';

test('what is written is read, a fault of the same kind is replaced, and clearing ends all', () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', seconds: 60 });
  writeFault(directory, { service: 'audit', kind: 'latency', rate: 0.2, seconds: 60 });
  const last = writeFault(directory, { service: 'audit', kind: 'errors', rate: 1, seconds: 120 });
  expect(readFaults(directory, 'audit').map(({ kind, rate }) => [kind, rate])).toEqual([
    ['latency', 0.2],
    ['errors', 1],
  ]);
  expect(Date.parse(last.until) - Date.now()).toBeGreaterThan(110_000);
  expect(readFaults(directory, 'sync')).toEqual([]);
  expect(readdirSync(directory)).toEqual(['audit.json']);
  clearFaults(directory, 'audit');
  expect(readFaults(directory, 'audit')).toEqual([]);
});

test('one kind is ended without the others', () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', seconds: 60 });
  writeFault(directory, { service: 'audit', kind: 'latency', seconds: 60 });
  clearFaults(directory, 'audit', 'errors');
  expect(readFaults(directory, 'audit').map(({ kind }) => kind)).toEqual(['latency']);
  clearFaults(directory, 'audit', 'latency');
  expect(readdirSync(directory)).toEqual([]);
});

test('what has expired is not read', () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', seconds: 60 });
  expect(readFaults(directory, 'audit', Date.now() + 61_000)).toEqual([]);
});

test('a broken file is named with its field, and can be replaced', () => {
  const directory = temporaryDirectory();
  const path = faultsFile(directory, 'audit');
  writeFileSync(path, '{"faults":[{"kind":"errors","rate":7,"until":"2030-01-01T00:00:00Z"}]}');
  expect(() => readFaults(directory, 'audit')).toThrow(/SL1707 faults\.0\.rate.*audit\.json/);
  writeFault(directory, { service: 'audit', kind: 'errors', seconds: 60 });
  expect(JSON.parse(readFileSync(path, 'utf8')).faults).toHaveLength(1);
});

describe('refused', () => {
  const until = '2030-01-01T00:00:00Z';
  test.each([
    ['not JSON', 'nonsense', /SL1707 the file: is not JSON/],
    ['unknown kind', JSON.stringify({ faults: [{ kind: 'x', rate: 1, until }] }), /faults\.0\.kind/],
    ['no time', JSON.stringify({ faults: [{ kind: 'errors', rate: 1, until: 'soon' }] }), /faults\.0\.until/],
    ['rate 0', JSON.stringify({ faults: [{ kind: 'errors', rate: 0, until }] }), /faults\.0\.rate/],
    ['no list', '{}', /faults/],
  ])('a file with %s', (_name, text, message) => {
    expect(() => parseFaults(text, 'somewhere')).toThrow(message);
  });

  test.each([
    [{ service: 'audit', kind: 'auth-failures', seconds: 60 }, /SL1705.*audit cannot have/],
    [{ service: 'audit', kind: 'errors', rate: 1.5, seconds: 60 }, /SL1706/],
    [{ service: 'audit', kind: 'errors', rate: Number.NaN, seconds: 60 }, /SL1706/],
    [{ service: 'audit', kind: 'errors', seconds: 90_000 }, /SL1706/],
  ] as const)('a request %j', (request, message) => {
    expect(() => writeFault(temporaryDirectory(), request)).toThrow(message);
  });
});

test('durations', () => {
  expect(['90s', '5m', '2h'].map(parseDuration)).toEqual([90, 300, 7200]);
  for (const wrong of ['5', 'm', '5 m', '-5m', '1d', ''])
    expect(() => parseDuration(wrong)).toThrow('SL1706');
});
