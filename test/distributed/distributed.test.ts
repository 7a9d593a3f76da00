import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { RunningLoki, seconds } from './running-loki.ts';
import { motoPackages } from './s3-server.ts';

const packages = await motoPackages();

describe('a distributed Loki on an object store', () => {
  let running: RunningLoki | undefined;
  beforeAll(async () => {
    if ('missing' in packages) return;
    running = await RunningLoki.start(packages.path);
    const memory = await Promise.all(
      running.instances.map(async (each) => `${each.id} ${await each.mebibytes()}`),
    );
    console.log(`MiB of each before a line has come in: ${memory.join(', ')}`);
  });
  afterAll(() => running?.stop());

  it('loses no line when an ingester is killed while lines come in', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const loki = begun(running);
    const { pusher } = loki;
    const [, victim] = loki.all('ingester');
    pusher.begin();
    await pusher.more(5000);
    await victim?.kill();
    const before = pusher.acknowledged.size;
    await pusher.more(5000);
    expect(await loki.ids()).not.toEqual([]);
    await pusher.end();
    console.log(`${victim?.id} is killed after ${before} lines; ${pusher.refused} pushes had to be repeated`);
    expect(await loki.readNow('while it is down')).toEqual(nothingLost(loki));
    victim?.start();
    await victim?.ready();
    expect(await loki.readNow('after it is back')).toEqual(nothingLost(loki));
  });

  it('answers with the patterns of what came in', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const loki = begun(running);
    const found = await waitFor('patterns', async () => {
      const patterns = await loki.patterns();
      return patterns.length > 0 ? patterns : undefined;
    });
    console.log(`patterns: ${found.map(({ pattern, lines }) => `${lines} × ${pattern}`).join(', ')}`);
    expect(found.map(({ pattern }) => pattern).join()).toContain('line <_> is written');
  });

  it('loses no line when every process is started anew, one after the other, while lines come in', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const loki = begun(running);
    const { pusher, instances } = loki;
    const refusedBefore = pusher.refused;
    const begunAt = performance.now();
    pusher.begin();
    for (const instance of instances) {
      await instance.stop();
      instance.start();
      await instance.ready();
      await pusher.more(500);
    }
    await pusher.end();
    console.log(
      `${instances.length} processes started anew in ${seconds(begunAt)}; ${pusher.refused - refusedBefore} pushes had to be repeated`,
    );
    expect(await loki.readNow('after all are back')).toEqual(nothingLost(loki));
    const chunks = await loki.chunks();
    console.log(`${chunks.length} chunks are in the bucket`);
    expect(chunks.length).toBeGreaterThan(0);
  });
});

/** That the comparison above tells what is lost: here something is. */
describe('a distributed Loki that keeps each line once', () => {
  let running: RunningLoki | undefined;
  beforeAll(async () => {
    if ('missing' in packages) return;
    running = await RunningLoki.start(packages.path, { copies: 1 });
  });
  afterAll(() => running?.stop());

  it('is seen to lose lines with an ingester and its disk', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const loki = begun(running);
    const [, victim] = loki.all('ingester');
    loki.pusher.begin();
    await loki.pusher.more(2000);
    await loki.pusher.end();
    expect(await loki.readNow('with one copy of each line')).toEqual(nothingLost(loki));
    await victim?.kill();
    victim?.loseLog();
    victim?.start();
    await victim?.ready();
    const { acknowledged, read, lost } = await loki.readNow(`after ${victim?.id} is back without its log`);
    expect(lost).toBeGreaterThan(0);
    expect(read).toBe(acknowledged - lost);
  });
});

function begun(running: RunningLoki | undefined): RunningLoki {
  if (!running) throw new Error('it was not started');
  return running;
}

function nothingLost({ pusher }: RunningLoki) {
  const { size } = pusher.acknowledged;
  return { acknowledged: size, read: size, lost: 0, twice: 0, unknown: 0 };
}
