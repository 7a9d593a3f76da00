import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LokiTargetName } from '../../infra/loki/targets.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';
import { type LokiInstance, layOut } from './distributed-loki.ts';
import { compare, Pusher, readIds } from './lines.ts';
import { motoPackages, type S3Server, startS3 } from './s3-server.ts';

const bucket = 'sightline-logs';
const packages = await motoPackages();

describe('a distributed Loki on an object store', () => {
  let folder = '';
  let s3: S3Server | undefined;
  let instances: readonly LokiInstance[] = [];
  let pusher = new Pusher([]);
  const since = Date.now() - 60_000;

  beforeAll(async () => {
    if ('missing' in packages) return;
    folder = mkdtempSync(join(tmpdir(), 'loki-distributed-'));
    s3 = await startS3(packages.path);
    await s3.createBucket(bucket);
    instances = await layOut({ loki: await toolPath('loki'), folder, endpoint: s3.endpoint, bucket });
    const begun = performance.now();
    for (const instance of instances) instance.start();
    await Promise.all(instances.map((instance) => instance.ready()));
    console.log(`${instances.length} processes are ready after ${seconds(begun)}`);
    const memory = await Promise.all(instances.map(async (each) => `${each.id} ${await each.mebibytes()}`));
    console.log(`MiB of each before a line has come in: ${memory.join(', ')}`);
    pusher = new Pusher(all('distributor').map(({ url }) => url));
  });
  afterAll(async () => {
    await pusher.abandon();
    await Promise.all(instances.map((instance) => instance.stop()));
    await s3?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const all = (target: LokiTargetName): readonly LokiInstance[] =>
    instances.filter((instance) => instance.target === target);
  const one = (target: LokiTargetName): LokiInstance => {
    const [found] = all(target);
    if (!found) throw new Error(`there is no ${target}`);
    return found;
  };
  /** What is read, once a query is answered at all. */
  const readNow = async (when: string) => {
    const begun = performance.now();
    const ids = await waitFor('an answer', () => readIds(one('query-frontend').url, since), 120_000);
    const result = compare(pusher.acknowledged, ids);
    console.log(
      `${when}: ${result.acknowledged} acknowledged, ${result.read} read in ${seconds(begun)}, ${result.lost} lost, ${result.twice} twice, ${result.unknown} unknown`,
    );
    return result;
  };
  const nothingLost = () => {
    const { size } = pusher.acknowledged;
    return { acknowledged: size, read: size, lost: 0, twice: 0, unknown: 0 };
  };

  it('loses no line when an ingester is killed while lines come in', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const [, victim] = all('ingester');
    pusher.begin();
    await pusher.more(5000);
    victim?.kill();
    const before = pusher.acknowledged.size;
    await pusher.more(5000);
    expect(await readIds(one('query-frontend').url, since)).not.toEqual([]);
    await pusher.end();
    console.log(`${victim?.id} is killed after ${before} lines; ${pusher.refused} pushes had to be repeated`);
    expect(await readNow('while it is down')).toEqual(nothingLost());
    victim?.start();
    await victim?.ready();
    expect(await readNow('after it is back')).toEqual(nothingLost());
  });

  it('loses no line when every process is started anew, one after the other, while lines come in', async (context) => {
    if ('missing' in packages) return context.skip(packages.missing);
    const refusedBefore = pusher.refused;
    const begun = performance.now();
    pusher.begin();
    for (const instance of instances) {
      await instance.stop();
      instance.start();
      await instance.ready();
      await pusher.more(500);
    }
    await pusher.end();
    console.log(
      `${instances.length} processes started anew in ${seconds(begun)}; ${pusher.refused - refusedBefore} pushes had to be repeated`,
    );
    expect(await readNow('after all are back')).toEqual(nothingLost());
    const chunks = (await s3?.objects(bucket, 'platform/')) ?? [];
    console.log(`${chunks.length} chunks are in the bucket`);
    expect(chunks.length).toBeGreaterThan(0);
  });
});

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
