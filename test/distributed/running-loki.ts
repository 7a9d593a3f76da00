import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LokiTargetName } from '../../infra/loki/targets.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';
import { type LokiInstance, layOut } from './distributed-loki.ts';
import { type Comparison, compare, type Pattern, Pusher, readIds, readPatterns } from './lines.ts';
import { type S3Server, startS3 } from './s3-server.ts';

const bucket = 'sightline-logs';

/** Every process of a distributed Loki with its S3 server, and who pushes to it. */
export class RunningLoki {
  readonly instances: readonly LokiInstance[];
  readonly pusher: Pusher;
  readonly #s3: S3Server;
  readonly #folder: string;
  readonly #since = Date.now() - 60_000;

  private constructor(instances: readonly LokiInstance[], s3: S3Server, folder: string) {
    this.instances = instances;
    this.#s3 = s3;
    this.#folder = folder;
    this.pusher = new Pusher(this.all('distributor').map(({ url }) => url));
  }

  /** @param copies of each line, in place of the specification's three */
  static async start(packages: string, { copies }: { readonly copies?: number } = {}): Promise<RunningLoki> {
    const folder = mkdtempSync(join(tmpdir(), 'loki-distributed-'));
    const s3 = await startS3(packages);
    await s3.createBucket(bucket);
    const instances = await layOut({
      loki: await toolPath('loki'),
      folder,
      endpoint: s3.endpoint,
      bucket,
      ...(copies !== undefined && { copies }),
    });
    const running = new RunningLoki(instances, s3, folder);
    const begun = performance.now();
    for (const instance of instances) instance.start();
    await Promise.all(instances.map((instance) => instance.ready())).catch(async (cause: unknown) => {
      await running.stop();
      throw cause;
    });
    console.log(`${instances.length} processes are ready after ${seconds(begun)}`);
    return running;
  }

  async stop(): Promise<void> {
    await this.pusher.abandon();
    await Promise.all(this.instances.map((instance) => instance.stop()));
    await this.#s3.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  all(target: LokiTargetName): readonly LokiInstance[] {
    return this.instances.filter((instance) => instance.target === target);
  }

  one(target: LokiTargetName): LokiInstance {
    const [found] = this.all(target);
    if (!found) throw new Error(`there is no ${target}`);
    return found;
  }

  readonly ids = (): Promise<readonly number[]> => readIds(this.one('query-frontend').url, this.#since);

  readonly patterns = (): Promise<readonly Pattern[]> =>
    readPatterns(this.one('query-frontend').url, this.#since);

  /** What is read, once a query is answered at all. */
  async readNow(when: string): Promise<Comparison> {
    const begun = performance.now();
    const ids = await waitFor('an answer', this.ids, 120_000);
    const result = compare(this.pusher.acknowledged, ids);
    console.log(
      `${when}: ${result.acknowledged} acknowledged, ${result.read} read in ${seconds(begun)}, ${result.lost} lost, ${result.twice} twice, ${result.unknown} unknown`,
    );
    return result;
  }

  /** Names of chunks of the platform's tenant. */
  readonly chunks = (): Promise<readonly string[]> => this.#s3.objects(bucket, 'platform/');
}

export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
