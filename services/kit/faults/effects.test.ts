import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('memory is really held while the fault lasts, and given back at once after it', async () => {
  const directory = temporaryDirectory();
  const faults = follow(directory);
  onTestFinished(startProcessFaults(faults, () => {}));
  // What earlier tests of this worker have left must not be collected meanwhile.
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  writeFault(directory, { service: 'audit', kind: 'memory', rate: 0.1, seconds: 60 });
  const held = () => (process.memoryUsage().arrayBuffers - before) / mebibyte;
  // A tenth of 768 MiB, in steps of 32: two of them, one being 32 and three 96. The rest is other tests' coming and going.
  await vi.waitFor(() => expect(held()).toBeGreaterThan(45), patience);
  expect(held()).toBeLessThan(90);
  clearFaults(directory, 'audit');
  await vi.waitFor(() => expect(held()).toBeLessThan(20), patience);
});

test('a crash ends the process with code 1', async () => {
  const directory = temporaryDirectory();
  const exit = vi.fn();
  onTestFinished(startProcessFaults(follow(directory), exit));
  writeFault(directory, { service: 'audit', kind: 'crash', rate: 1, seconds: 60 });
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1), patience);
});
