import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'sightline-state-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens folder/0, folder/1, … in step with the other threads, and says how often that was refused. */
const opener = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { module, folder, directories, threads, arrived } = workerData;
  import(module).then(({ openStateDir }) => {
    let refused = 0;
    for (let index = 0; index < directories; index++) {
      Atomics.add(arrived, index, 1);
      while (Atomics.load(arrived, index) < threads);
      try { openStateDir(folder + '/' + index); } catch { refused++; }
    }
    parentPort.postMessage(refused);
  });`;

it('is opened by two at once', async () => {
  const directories = 200;
  const threads = 2;
  const workerData = {
    module: new URL('./state-dir.ts', import.meta.url).href,
    folder,
    directories,
    threads,
    arrived: new Int32Array(new SharedArrayBuffer(directories * 4)),
  };
  const refusals = await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(opener, { eval: true, workerData });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  expect(refusals).toEqual([0, 0]);
  expect(readdirSync(folder)).toHaveLength(directories);
});
