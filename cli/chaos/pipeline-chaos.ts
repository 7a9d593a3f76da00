import { randomBytes, randomInt } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Ledger, readLedger } from './ledger.ts';
import { type LoadFigures, LogLoad } from './log-load.ts';
import { makePipeline, metricOf, type Pipeline, type Victim, victims } from './pipeline-processes.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

export interface ChaosOptions {
  /** The binary of Loki. */
  readonly loki: string;
  readonly kills: number;
  /** How long Loki is stopped, in milliseconds. */
  readonly outageMs: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosFigures {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly outageSeconds: number;
  /** How often stray bytes were put behind the log of the queue. */
  readonly strayTails: number;
  /** Seconds for which the disk had no byte left, and refusals in them; or why there was no such disk. */
  readonly fullDisk: { readonly seconds: number; readonly refusals: number } | string;
  readonly load: LoadFigures;
  readonly ledger: Ledger;
  readonly flippedBit: FlippedBit;
  readonly seconds: number;
}

interface FlippedBit {
  /** Batches that the ingestor counted as damaged. */
  readonly counted: number;
  /** The line that names it. */
  readonly named: string;
  /** Entries of the damaged batch that came to Loki all the same. */
  readonly delivered: number;
}

const diskMegabytes = 96;
const fullDiskMs = 5000;
const drainWithinMs = 240_000;
const senders = 4;
const requestsPerSecond = 10;

/** Breaks the log pipeline in every way under load, and counts what became of each acknowledged entry. */
export async function pipelineChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const started = Date.now();
  const directory = mkdtempSync(join(tmpdir(), 'sightline-chaos-'));
  const disk = await mountSmallDisk(join(directory, 'disk'), diskMegabytes);
  const queueDirectory = typeof disk === 'string' ? join(directory, 'queue') : join(disk.directory, 'queue');
  const pipeline = await makePipeline({
    loki: options.loki,
    directory,
    queueDirectory,
    env: { QUEUE_MIN_FREE_BYTES: '8000000' },
  });
  const chaos = new Chaos(pipeline, options);
  try {
    try {
      return await chaos.run(started, disk);
    } finally {
      await chaos.end();
    }
  } finally {
    if (typeof disk !== 'string') await disk.unmount();
    rmSync(directory, { recursive: true, force: true });
  }
}

class Chaos {
  readonly #pipeline: Pipeline;
  readonly #options: ChaosOptions;
  readonly #load: LogLoad;
  #strayTails = 0;

  constructor(pipeline: Pipeline, options: ChaosOptions) {
    this.#pipeline = pipeline;
    this.#options = options;
    this.#load = new LogLoad(pipeline);
  }

  async run(started: number, disk: SmallDisk | string): Promise<ChaosFigures> {
    const { say, outageMs } = this.#options;
    for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await this.#start(name);
    this.#load.start(senders, requestsPerSecond);
    const kills = await this.#kill();
    say(`Loki is stopped for ${outageMs / 1000} s`);
    await this.#pipeline.processes.loki.end('SIGTERM');
    await this.#pause(outageMs);
    await this.#start('loki');
    const fullDisk = typeof disk === 'string' ? disk : await this.#fill(disk);
    await this.#load.stop();
    say('The queue drains');
    await this.#drained();
    const ledger = await readLedger(this.#pipeline, this.#load.acknowledged, started - 60_000);
    say('A bit of the queue’s file is flipped');
    const flippedBit = await this.#flip(started);
    const seconds = Math.round((Date.now() - started) / 1000);
    const { figures: load } = this.#load;
    const outageSeconds = outageMs / 1000;
    return {
      kills,
      outageSeconds,
      strayTails: this.#strayTails,
      fullDisk,
      load,
      ledger,
      flippedBit,
      seconds,
    };
  }

  async end(): Promise<void> {
    await this.#load.stop();
    await Promise.all(victims.map((name) => this.#pipeline.processes[name].end('SIGKILL')));
  }

  async #start(name: Victim): Promise<void> {
    await this.#pipeline.processes[name].start();
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#options.signal });
  }

  async #kill(): Promise<Readonly<Record<Victim, number>>> {
    const counts = { 'log-gateway': 0, 'log-ingestor': 0, loki: 0 };
    for (let kill = 1; kill <= this.#options.kills; kill += 1) {
      await this.#pause(randomInt(200, 2000));
      // Each is struck in its turn, so that none is spared by chance.
      const victim = victims[(kill - 1) % victims.length] ?? 'log-gateway';
      await this.#pipeline.processes[victim].end('SIGKILL');
      counts[victim] += 1;
      if (victim === 'log-gateway') this.#strayBytesBehindLog();
      await this.#pause(randomInt(0, 1000));
      await this.#start(victim);
      this.#options.say(
        `kill ${kill} of ${this.#options.kills}: ${victim} (${this.#load.acknowledged.size} acknowledged)`,
      );
    }
    return counts;
  }

  /** Bytes that belong to no frame. While the ingestor holds the file SQLite does not recover the log: no proof of a power cut. */
  #strayBytesBehindLog(): void {
    appendFileSync(join(this.#pipeline.queueDirectory, 'queue.sqlite-wal'), randomBytes(randomInt(1, 4000)));
    this.#strayTails += 1;
  }

  async #fill(disk: SmallDisk): Promise<{ readonly seconds: number; readonly refusals: number }> {
    this.#options.say('The disk of the queue is full to the last byte');
    const before = this.#load.figures.refused;
    disk.fill();
    await this.#pause(fullDiskMs);
    await this.#pipeline.processes['log-gateway'].end('SIGKILL');
    const refusals = this.#load.figures.refused - before;
    disk.empty();
    await this.#start('log-gateway');
    return { seconds: fullDiskMs / 1000, refusals };
  }

  async #drained(): Promise<void> {
    const deadline = Date.now() + drainWithinMs;
    for (let empty = 0; empty < 3; ) {
      await this.#pause(1000);
      const left = await metricOf(this.#pipeline.ingestorUrl, 'log_queue_entries').catch(() => Number.NaN);
      empty = left === 0 ? empty + 1 : 0;
      if (Date.now() <= deadline) continue;
      const { output } = this.#pipeline.processes['log-ingestor'];
      throw new Error(
        `the queue still has ${left} entries after ${drainWithinMs} ms: ${output.slice(-2000)}`,
      );
    }
  }

  /** Acknowledges a batch that no ingestor takes, damages it where it lies, and sees what the ingestor does with it. */
  async #flip(started: number): Promise<FlippedBit> {
    const { processes, queueDirectory, ingestorUrl } = this.#pipeline;
    await processes['log-ingestor'].end('SIGTERM');
    const target = new LogLoad(this.#pipeline);
    if (!(await target.sendOnce()))
      throw new Error('the gateway did not take the batch that was to be damaged');
    await target.stop();
    const [id = ''] = target.acknowledged;
    await processes['log-gateway'].end('SIGTERM');
    const file = join(queueDirectory, 'queue.sqlite');
    const bytes = readFileSync(file);
    const at = bytes.indexOf(id);
    if (at === -1) throw new Error(`the queue’s file does not have ${id}`);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(file, bytes);
    await this.#start('log-ingestor');
    await this.#drained();
    const { lost } = await readLedger(this.#pipeline, target.acknowledged, started - 60_000);
    return {
      counted: await metricOf(ingestorUrl, 'log_queue_damaged_batches_total'),
      named: /^.*is damaged and kept aside.*$/m.exec(processes['log-ingestor'].output)?.[0] ?? '',
      delivered: target.acknowledged.size - lost.length,
    };
  }
}
