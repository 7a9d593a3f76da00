import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasStrace, noStrace, readTrace, straceArguments } from '../support/system-calls.ts';

const run = promisify(execFile);
const fixture = fileURLToPath(
  new URL('../../services/pipeline/queue/embedded/durability.fixture.ts', import.meta.url),
);
const batches = 20;

if (!hasStrace) console.warn(`skipped: ${noStrace}`);

describe.skipIf(!hasStrace)('a batch of the embedded queue', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sightline-durability-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const trace = async (synchronous: 'FULL' | 'OFF') => {
    const file = join(directory, `${synchronous}.strace`);
    const program = [process.execPath, fixture, join(directory, synchronous), synchronous, String(batches)];
    await run('strace', [...straceArguments(file), ...program]);
    return readTrace(file, /write\(1<.*acknowledged/);
  };

  it('is synced to the disk between its write and its acknowledgement', async () => {
    expect(await trace('FULL')).toEqual({ acknowledged: batches, early: [] });
  });

  it('would be seen not to be, were the database told not to sync', async () => {
    const { acknowledged, early } = await trace('OFF');
    expect(acknowledged).toBe(batches);
    expect(early).toHaveLength(batches);
  });
});
