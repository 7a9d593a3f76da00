import { expect, onTestFinished, test, vi } from 'vitest';
import { createInstrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { startProcessFaults } from './effects.ts';
import { clearFaults, writeFault } from './file.ts';
import { Faults } from './injector.ts';

const patience = { timeout: 8000, interval: 50 };
const mebibyte = 1024 * 1024;

function follow(directory: string): Faults {
  const { logger } = createInstrumentation({ service: 'audit', env: {}, destination: { write() {} } });
  const faults = new Faults({ service: 'audit', directory, log: logger('faults') });
  faults.start();
  onTestFinished(() => faults.stop());
  return faults;
}

test('memory is really held while the fault lasts, and given back at once after it', async () => {
  const directory = temporaryDirectory();
  const faults = follow(directory);
  onTestFinished(startProcessFaults(faults, () => {}));
  const before = process.memoryUsage().arrayBuffers;
  writeFault(directory, { service: 'audit', kind: 'memory', rate: 0.1, seconds: 60 });
  const held = () => (process.memoryUsage().arrayBuffers - before) / mebibyte;
  // A tenth of 768 MiB, in steps of 32.
  await vi.waitFor(() => expect(held()).toBeGreaterThan(60), patience);
  expect(held()).toBeLessThan(77);
  clearFaults(directory, 'audit');
  await vi.waitFor(() => expect(held()).toBeLessThan(10), patience);
});

test('a crash ends the process with code 1', async () => {
  const directory = temporaryDirectory();
  const exit = vi.fn();
  onTestFinished(startProcessFaults(follow(directory), exit));
  writeFault(directory, { service: 'audit', kind: 'crash', rate: 1, seconds: 60 });
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1), patience);
});
