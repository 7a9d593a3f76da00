import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distributedOn } from '../../infra/loki/example-stores.ts';
import {
  type LokiTargetName,
  lokiTargetNames,
  lokiTargets,
  replicationFactor,
} from '../../infra/loki/targets.ts';
import { instanceFlags, renderDistributedLoki } from '../../infra/render/loki-distributed.ts';
import { freePorts } from '../support/ports.ts';
import { productionWith } from '../support/production.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const host = '127.0.0.1';

/** Fewer than a cluster has, where a second one would show nothing more: ingesters are all there. */
const instances = (target: LokiTargetName): number =>
  target === 'ingester' || target === 'distributor' ? lokiTargets[target].least : 1;

/** A process of a target, which keeps ports and folder when it is started again. */
export class LokiInstance {
  readonly target: LokiTargetName;
  readonly id: string;
  readonly url: string;
  readonly #dataDir: string;
  readonly #start: () => RunningTool;
  #running: RunningTool | undefined;

  constructor(
    target: LokiTargetName,
    { id, port, dataDir }: { readonly id: string; readonly port: number; readonly dataDir: string },
    start: () => RunningTool,
  ) {
    this.target = target;
    this.id = id;
    this.url = `http://${host}:${port}`;
    this.#dataDir = dataDir;
    this.#start = start;
  }

  start(): void {
    this.#running = this.#start();
  }

  async ready(): Promise<void> {
    await waitFor(
      `${this.id} to be ready`,
      async () => {
        if (this.#running?.process.exitCode !== null) throw new Error(this.output());
        return (await fetch(`${this.url}/ready`)).ok || undefined;
      },
      120_000,
    ).catch((cause: unknown) => {
      throw new Error(`${this.id}: ${this.output().slice(-3000)}`, { cause });
    });
  }

  /** Memory that it has in use. */
  async mebibytes(): Promise<number> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    return Math.round(Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]) / 2 ** 20);
  }

  output(): string {
    return this.#running?.output() ?? 'it was never started';
  }

  /** Ends it at once, without a word to anybody; resolves when it is gone. */
  async kill(): Promise<void> {
    const process = this.#running?.process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = once(process, 'exit');
    process.kill('SIGKILL');
    await gone;
  }

  /** What a new disk knows of the lines of the old one. */
  loseLog(): void {
    rmSync(join(this.#dataDir, 'wal'), { recursive: true });
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }
}

interface Options {
  readonly loki: string;
  readonly folder: string;
  /** `host:port` of the S3 server, and the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Ingesters that keep a line, in place of the specification's three. */
  readonly copies?: number;
}

/** Every target of the spec as processes of this machine that find each other by gossip. */
export async function layOut({
  loki,
  folder,
  endpoint,
  bucket,
  copies = replicationFactor,
}: Options): Promise<readonly LokiInstance[]> {
  const planned = lokiTargetNames.flatMap((target) =>
    Array.from({ length: instances(target) }, (_, index) => ({ target, id: `${target}-${index}` })),
  );
  const ports = await freePorts(planned.length * 3);
  const placed = planned.map((each, index) => {
    const [port = 0, grpcPort = 0, gossipPort = 0] = ports.slice(index * 3);
    return { ...each, port, grpcPort, gossipPort, dataDir: join(folder, each.id) };
  });
  const one = (target: LokiTargetName) => {
    const found = placed.find((each) => each.target === target);
    if (!found) throw new Error(`there is no ${target}`);
    return { http: `${host}:${found.port}`, grpc: `${host}:${found.grpcPort}` };
  };
  const rulesDir = join(folder, 'rules');
  mkdirSync(rulesDir, { recursive: true });
  const stack = productionWith((config) =>
    distributedOn(config, { s3: { bucket, region: 'eu-central-1', endpoint } }),
  );
  return placed.map(({ target, id, dataDir, ...listen }) => {
    mkdirSync(dataDir, { recursive: true });
    const file = join(dataDir, 'loki.yaml');
    const text = renderDistributedLoki(stack, {
      dataDir,
      listen: { host, ...listen },
      peers: {
        members: placed.map(({ gossipPort }) => `${host}:${gossipPort}`),
        compactor: one('compactor'),
        querier: one('querier').http,
        indexGateways: one('index-gateway').grpc,
      },
      ruler: { rulesDir, alertmanager: `${host}:9` },
      replayMemory: 512,
    });
    const asSpecified = `replication_factor: ${replicationFactor}`;
    if (!text.includes(asSpecified)) throw new Error('nothing says how many keep a line');
    writeFileSync(file, text.replace(asSpecified, `replication_factor: ${copies}`));
    const flags = [`-config.file=${file}`, '-object-store.s3.insecure=true'];
    return new LokiInstance(target, { id, port: listen.port, dataDir }, () =>
      startTool(loki, [...flags, ...instanceFlags(target, { id, address: host })], {
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      }),
    );
  });
}
