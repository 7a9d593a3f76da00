import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createInstrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { clearFaults, faultsFile, writeFault } from './file.ts';
import { Faults } from './injector.ts';

const patience = { timeout: 5000, interval: 20 };

function follow(directory: string | undefined) {
  const lines: { level: string; message: string; fault?: string; reason?: string }[] = [];
  const { logger } = createInstrumentation({
    service: 'audit',
    env: {},
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const faults = new Faults({ service: 'audit', directory, log: logger('faults') });
  faults.start();
  onTestFinished(() => faults.stop());
  return { faults, lines };
}

test('follows its file: begins at once, ends when cleared, says each once', async () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', rate: 1, seconds: 60 });
  const { faults, lines } = follow(directory);
  expect(faults.strikes('errors')).toBe(true);
  expect(faults.strikes('latency')).toBe(false);
  clearFaults(directory, 'audit');
  await vi.waitFor(() => expect(faults.strikes('errors')).toBe(false), patience);
  await vi.waitFor(() => expect(lines).toHaveLength(2), patience);
  expect(lines).toMatchObject([
    { level: 'WARNING', message: 'fault injected on demand', fault: 'errors' },
    { level: 'WARNING', message: 'injected fault ended', fault: 'errors' },
  ]);
});

test('ends by itself', async () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', rate: 1, seconds: 1 });
  const { faults, lines } = follow(directory);
  expect(faults.rate('errors')).toBe(1);
  await vi.waitFor(() => expect(faults.rate('errors')).toBe(0), patience);
  await vi.waitFor(() => expect(lines.at(-1)?.message).toBe('injected fault ended'), patience);
});

test('strikes as often as its rate says', () => {
  const directory = temporaryDirectory();
  writeFault(directory, { service: 'audit', kind: 'errors', rate: 0.3, seconds: 60 });
  const { faults } = follow(directory);
  const strikes = Array.from({ length: 5000 }, () => faults.strikes('errors')).filter(Boolean).length;
  expect(strikes / 5000).toBeGreaterThan(0.25);
  expect(strikes / 5000).toBeLessThan(0.35);
});

test('ignores a broken file with an error that names the field, and a mended one counts again', async () => {
  const directory = temporaryDirectory();
  writeFileSync(faultsFile(directory, 'audit'), '{"faults":[{"kind":"errors","rate":2,"until":""}]}');
  const { faults, lines } = follow(directory);
  expect(faults.rate('errors')).toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'the faults file is ignored' });
  expect(lines[0]?.reason).toContain('faults.0.rate');
  writeFault(directory, { service: 'audit', kind: 'errors', rate: 1, seconds: 60 });
  await vi.waitFor(() => expect(faults.rate('errors')).toBe(1), patience);
});

test('injects nothing where no directory is set, nor a fault of another service', () => {
  expect(follow(undefined).faults.rate('errors')).toBe(0);
  const directory = temporaryDirectory();
  const until = new Date(Date.now() + 60_000).toISOString();
  const fault = { kind: 'auth-failures', rate: 1, until };
  writeFileSync(faultsFile(directory, 'audit'), JSON.stringify({ faults: [fault] }));
  expect(follow(directory).faults.strikes('auth-failures')).toBe(false);
});
