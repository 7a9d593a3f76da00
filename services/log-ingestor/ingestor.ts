import { setTimeout as delay } from 'node:timers/promises';
import type { Trace } from '../../telemetry/instrument/tracing.ts';
import type { DeadLetter, DeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import type { AdmittedEntry } from '../pipeline/entry.ts';
import type { PushClient } from '../pipeline/loki/push-client.ts';
import type { StreamLabels } from '../pipeline/loki/stream-labels.ts';
import { batchOf, streamsOf } from '../pipeline/queue/batch.ts';
import type { QueuedBatch } from '../pipeline/queue/log-queue.ts';
import type { SearchIndex } from '../pipeline/search-index/index-writer.ts';
import type { ReadingEnd } from './open-consumer.ts';
import { type LaneOptions, OrganizationLane, type Pushed, whenStuckMs } from './organization-lane.ts';
import { type Outgoing, outgoingOf } from './outgoing.ts';
import { type PersistenceOptions, PersistentPush } from './persistent-push.ts';
import { StreamTurns } from './stream-turns.ts';
import { withinTraces } from './within-traces.ts';

export interface IngestorOptions extends LaneOptions, PersistenceOptions {
  readonly onPushed: (pushed: Pushed) => void;
  readonly onStuck: (error: unknown) => void;
}

export interface IngestorParts extends ReadingEnd {
  readonly client: PushClient;
  readonly streams: StreamLabels;
  readonly deadLetters: DeadLetters;
  readonly trace: Pick<Trace, 'run'>;
  readonly index: Pick<SearchIndex, 'add'> | undefined;
}

/**
 * Bytes read and not yet stored. One organization may have half of what is free: so there is always something left for
 * others, until more than a hundred are stuck at once.
 */
const maxOpenBytes = 64 * 1024 * 1024;
const pollMs = 20;
const replayEveryMs = 1000;
const replayedAtOnce = 100;

/** Brings what is in the queue to Loki, the entries of a stream in the queue's order. */
export class Ingestor {
  readonly #parts: IngestorParts;
  readonly #options: IngestorOptions;
  readonly #lanes = new Map<string, OrganizationLane>();
  readonly #turns = new Map<string, StreamTurns>();
  readonly #reading = new AbortController();
  readonly #trying = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();

  constructor(parts: IngestorParts, options: IngestorOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  start(): void {
    this.#loops = Promise.all([
      this.#untilStopped(pollMs, () => this.#readOnce()),
      this.#untilStopped(replayEveryMs, () => this.#replayOnce()),
    ]);
  }

  /** Organizations that wait for Loki to take their entries. */
  get paused(): number {
    return [...this.#lanes.values()].filter(({ paused }) => paused).length;
  }

  /**
   * Takes nothing more, and brings what it has to Loki. What is not there after `deadlineMs`, or waits for a Loki that
   * takes nothing, stays in the queue.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#reading.abort();
    await this.#loops;
    const lanes = [...this.#lanes.values()];
    const deadline = Date.now() + deadlineMs;
    const look = setInterval(() => {
      const isInVain = lanes.every(({ busy, paused }) => !busy || paused);
      if (isInVain || Date.now() > deadline) this.#trying.abort();
    }, pollMs);
    await Promise.all(lanes.map((lane) => lane.flush()));
    clearInterval(look);
  }

  /** Again and again, at once where there was something to do; what fails is tried again. */
  async #untilStopped(pauseMs: number, work: () => Promise<boolean>): Promise<void> {
    const { signal } = this.#reading;
    while (!signal.aborted) {
      const wait = await work().then(
        (wasBusy) => (wasBusy ? 0 : pauseMs),
        (error: unknown) => {
          if (!signal.aborted) this.#options.onStuck(error);
          return whenStuckMs;
        },
      );
      await delay(wait, undefined, { signal }).catch(() => {});
    }
  }

  async #readOnce(): Promise<boolean> {
    const skip = this.#passedOver();
    if (skip === undefined) return false;
    const batches = await this.#parts.consumer.read({ maxBytes: this.#options.maxPushBytes, skip });
    for (const batch of batches) this.#laneOf(batch.organization).add(batch);
    return batches.length > 0;
  }

  /** Organizations that nothing more is read of: Loki takes nothing of them. None at all while there is no room. */
  #passedOver(): ReadonlySet<string> | undefined {
    const lanes = [...this.#lanes];
    const free = maxOpenBytes - lanes.reduce((sum, [, { openBytes }]) => sum + openBytes, 0);
    const full = lanes.filter(([, lane]) => lane.openBytes >= free / 2);
    // One that gets on with its work soon has room again.
    if (free <= 0 || full.some(([, { paused, slow }]) => !paused && !slow)) return undefined;
    const paused = lanes.filter(([, lane]) => lane.paused);
    return new Set([...full, ...paused].map(([organization]) => organization));
  }

  #laneOf(organization: string): OrganizationLane {
    const known = this.#lanes.get(organization);
    if (known !== undefined) return known;
    const { streams, consumer, copyDeadLetters, deadLetters, trace } = this.#parts;
    const around = {
      streams,
      index: (outgoing: readonly Outgoing[]) => this.#index(organization, outgoing),
      bury: async (letters: Parameters<DeadLetters['add']>[0]) => {
        deadLetters.add(letters);
        await copyDeadLetters?.(letters);
      },
      commit: (batches: readonly QueuedBatch[]) => consumer.commit(batches),
      traced: <T>(batches: readonly QueuedBatch[], work: () => Promise<T>) =>
        withinTraces(trace, batches, work),
      onPushed: this.#options.onPushed,
      onStuck: this.#options.onStuck,
    };
    const { signal } = this.#trying;
    const lane = new OrganizationLane(
      organization,
      this.#turnsOf(organization),
      this.#options,
      around,
      signal,
    );
    this.#lanes.set(organization, lane);
    return lane;
  }

  /** Whoever pushes something of the organization takes these. */
  #turnsOf(organization: string): StreamTurns {
    const known = this.#turns.get(organization);
    if (known !== undefined) return known;
    const push = new PersistentPush(this.#parts.client, organization, this.#options);
    const turns = new StreamTurns(push, this.#options.maxPushBytes);
    this.#turns.set(organization, turns);
    return turns;
  }

  #index(organization: string, outgoing: readonly Outgoing[]): void {
    this.#parts.index?.add(organization, outgoing);
  }

  /** What a person marked, at the present instant, since its own may be too old by now; its own time stays beside. */
  async #replayOnce(): Promise<boolean> {
    const { deadLetters, streams } = this.#parts;
    const marked = deadLetters.replays(replayedAtOnce);
    for (const letter of marked) {
      const { organization } = letter;
      let entries: readonly Outgoing[];
      try {
        const batch = batchOf(organization, [restamped(letter)]);
        entries = outgoingOf(organization, streamsOf(batch), streams);
      } catch (error) {
        deadLetters.add([{ ...letter, reason: error instanceof Error ? error.message : String(error) }]);
        continue;
      }
      this.#index(organization, entries);
      const [rejected] = await this.#turnsOf(organization).store(entries, this.#reading.signal);
      if (rejected === undefined) deadLetters.remove([letter]);
      else deadLetters.add([{ ...letter, reason: rejected.reason }]);
    }
    return marked.length > 0;
  }
}

function restamped({ entry }: DeadLetter): AdmittedEntry {
  return { ...(JSON.parse(entry) as AdmittedEntry), timestamp_ns: `${Date.now()}000000` };
}
