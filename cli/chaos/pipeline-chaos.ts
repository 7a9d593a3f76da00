import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosProcess } from './chaos-process.ts';
import type { ChaosHands, ChaosQueue, Trial } from './chaos-queue.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { type LoadFigures, LogLoad } from './log-load.ts';
import { makePipeline, type Pipeline, type Victim } from './pipeline-processes.ts';

export interface ChaosOptions {
  /** The binary of Loki. */
  readonly loki: string;
  /** Makes the queue, with a directory for what it keeps. */
  readonly makeQueue: (directory: string) => Promise<ChaosQueue>;
  readonly kills: number;
  /** How long Loki is stopped, in milliseconds. */
  readonly outageMs: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosFigures {
  readonly queue: ChaosQueue['name'];
  readonly deeds: ChaosQueue['deeds'];
  /** How often each was killed. */
  readonly kills: Readonly<Record<string, number>>;
  readonly outageSeconds: number;
  readonly load: LoadFigures;
  readonly ledger: Ledger;
  readonly trials: readonly Trial[];
  readonly seconds: number;
}

const drainWithinMs = 240_000;
const senders = 4;
const requestsPerSecond = 10;

/** Breaks the log pipeline in every way under load, and counts what became of each acknowledged entry. */
export async function pipelineChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const started = Date.now();
  const directory = mkdtempSync(join(tmpdir(), 'sightline-chaos-'));
  try {
    const queue = await options.makeQueue(directory);
    try {
      const { ingestors, env, directory: queueDirectory } = queue;
      const { loki } = options;
      const pipeline = await makePipeline({ loki, directory, queueDirectory, ingestors, env });
      const chaos = new Chaos(pipeline, queue, options, started);
      try {
        return await chaos.run();
      } finally {
        await chaos.end();
      }
    } finally {
      await queue.remove();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class Chaos implements ChaosHands {
  readonly pipeline: Pipeline;
  readonly load: LogLoad;
  readonly #queue: ChaosQueue;
  readonly #options: ChaosOptions;
  readonly #started: number;
  readonly #victims: readonly Victim[];

  constructor(pipeline: Pipeline, queue: ChaosQueue, options: ChaosOptions, started: number) {
    this.pipeline = pipeline;
    this.load = new LogLoad(pipeline);
    this.#queue = queue;
    this.#options = options;
    this.#started = started;
    const own = Object.entries(pipeline.processes).map(([name, process]) => ({ name, process }));
    this.#victims = [...own, ...pipeline.moreIngestors, ...queue.brokers];
  }

  async run(): Promise<ChaosFigures> {
    const { outageMs } = this.#options;
    const { processes } = this.pipeline;
    const { loki } = processes;
    await loki.start();
    for (const { process } of this.#queue.brokers) await process.start();
    for (const process of this.#ingestors()) await process.start();
    await processes['log-gateway'].start();
    this.load.start(senders, requestsPerSecond);
    const kills = await this.#kill();
    this.say(`Loki is stopped for ${outageMs / 1000} s`);
    await loki.end('SIGTERM');
    await this.pause(outageMs);
    await loki.start();
    const underLoad = await this.#queue.trialsUnderLoad(this);
    await this.load.stop();
    this.say('The queue drains');
    await this.drained();
    const ledger = await this.ledgerOf(this.load.acknowledged);
    const atRest = await this.#queue.trialsAtRest(this);
    return {
      queue: this.#queue.name,
      deeds: this.#queue.deeds,
      kills,
      outageSeconds: outageMs / 1000,
      load: this.load.figures,
      ledger,
      trials: [...underLoad, ...atRest],
      seconds: Math.round((Date.now() - this.#started) / 1000),
    };
  }

  async end(): Promise<void> {
    await this.load.stop();
    await Promise.all(this.#victims.map(({ process }) => process.end('SIGKILL')));
  }

  #ingestors(): readonly ChaosProcess[] {
    const { processes, moreIngestors } = this.pipeline;
    return [processes['log-ingestor'], ...moreIngestors.map(({ process }) => process)];
  }

  say(text: string): void {
    this.#options.say(text);
  }

  pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#options.signal });
  }

  async ledgerOf(acknowledged: ReadonlySet<string>): Promise<Ledger> {
    const dead = await this.#queue.deadIds();
    return readLedger(this.pipeline, acknowledged, dead, this.#started - 60_000);
  }

  async drained(): Promise<void> {
    const deadline = Date.now() + drainWithinMs;
    for (let empty = 0; empty < 3; ) {
      await this.pause(1000);
      const left = await this.#queue.waiting(this.pipeline).catch(() => Number.NaN);
      empty = left === 0 ? empty + 1 : 0;
      if (Date.now() <= deadline) continue;
      const said = this.#ingestors()
        .map(({ output }) => output.slice(-2000))
        .join('\n');
      throw new Error(`the queue still has ${left} entries after ${drainWithinMs} ms: ${said}`);
    }
  }

  async #kill(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = Object.fromEntries(this.#victims.map(({ name }) => [name, 0]));
    const { kills } = this.#options;
    for (let kill = 1; kill <= kills; kill += 1) {
      await this.pause(randomInt(200, 2000));
      // Each is struck in its turn, so that none is spared by chance.
      const victim = this.#victims[(kill - 1) % this.#victims.length];
      if (victim === undefined) break;
      await victim.process.end('SIGKILL');
      counts[victim.name] = (counts[victim.name] ?? 0) + 1;
      await this.pause(randomInt(0, 1000));
      await victim.process.start();
      this.say(`kill ${kill} of ${kills}: ${victim.name} (${this.load.acknowledged.size} acknowledged)`);
    }
    return counts;
  }
}
