import { setTimeout as delay } from 'node:timers/promises';
import { type BaseOptions, findErrorBy } from '@platformatic/kafka';
import type { LogBatch, LogConsumer, QueuedBatch, QueueState, ReadLimit } from '../log-queue.ts';
import { type Fetched, type FetchedPartition, Fetcher } from './fetcher.ts';
import { GroupMember } from './group-member.ts';
import { PartitionProgress } from './partition-progress.ts';
import { type Position, positionOf, positionText } from './position.ts';
import { ReadyBatches } from './ready-batches.ts';
import { prepareTopics, type TopicFacts, type WantedTopics } from './topics.ts';

/** Makes batches of a record; none where it is taken care of otherwise. Tried again when it throws. */
export type ReadRecord = (fetched: Fetched) => Promise<readonly LogBatch[]> | readonly LogBatch[];

export interface KafkaConsumerOptions {
  readonly connection: BaseOptions;
  readonly group: string;
  /** How the records of each topic are read. */
  readonly readers: ReadonlyMap<string, ReadRecord>;
  /** These topics, and whatever else must be there before the first record is read. */
  readonly wanted: WantedTopics;
  readonly onReady?: (facts: ReadonlyMap<string, TopicFacts>) => void;
  /** How many partitions are this consumer's from now on. */
  readonly onAssigned?: (partitions: number) => void;
  /** The broker deleted records that nobody had read. */
  readonly onExpired: (topic: string, partition: number, records: bigint) => void;
  readonly onTrouble: (reason: unknown) => void;
}

const limits = {
  maxBytes: 4_000_000,
  maxPartitionBytes: 1_000_000,
  minBytes: 256_000,
  maxWaitMs: 250,
} as const;
/** Bytes of a partition that are read and not stored: it rests then, and the others go on. */
const maxOpenBytes = 16_000_000;
const maxOpenOffsets = 20_000;
const pauseMs = 20;
const troubleMs = 1000;

/** One of the ingestors that share the topics. */
export class KafkaConsumer implements LogConsumer {
  readonly #options: KafkaConsumerOptions;
  readonly #member: GroupMember;
  readonly #fetcher: Fetcher;
  readonly #closing = new AbortController();
  readonly #partitions = new Map<string, PartitionProgress>();
  #assigned: readonly Omit<Position, 'offset'>[] | undefined;
  readonly #ready = new ReadyBatches();
  #isReady = false;
  readonly #pumping: Promise<void>;
  #committing: Promise<void> = Promise.resolve();
  /** Entries and bytes of the messages so far, for an estimate of what is not read yet. */
  readonly #seen = { messages: 0, entries: 0, bytes: 0 };

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    const { connection, group, readers, onTrouble } = options;
    const topics = [...readers.keys()];
    this.#fetcher = new Fetcher(connection, group, topics, limits);
    const onAssigned = (partitions: readonly Omit<Position, 'offset'>[]) => this.#reassign(partitions);
    this.#member = new GroupMember({ connection, group, topics, onAssigned, onTrouble });
    this.#pumping = this.#pump();
  }

  /** What is passed over stays in memory, within bounds: partitions are shared by all organizations. */
  async read(limit: ReadLimit): Promise<readonly QueuedBatch[]> {
    return this.#ready.take(limit);
  }

  /** What was another's meanwhile is passed over: that one commits it. */
  async commit(batches: readonly QueuedBatch[]): Promise<void> {
    for (const { position } of batches) {
      const { topic, partition, offset } = positionOf(position);
      this.#partitions.get(keyOf(topic, partition))?.done(offset, position);
    }
    await this.#commitDue();
  }

  /** Of the partitions of this consumer. What is not read yet is estimated by what was. */
  async state(): Promise<Pick<QueueState, 'entries' | 'bytes' | 'oldestAt'>> {
    if (this.#assigned === undefined || !this.#member.isMember) {
      throw new Error('this process is no member of the consumer group now');
    }
    let [entries, bytes, unread] = [0, 0, 0];
    let oldestAt: number | undefined;
    for (const [topic, partitions] of Map.groupBy(this.#assigned, ({ topic }) => topic)) {
      const numbers = partitions.map(({ partition }) => partition);
      const ends = await this.#fetcher.offsets(topic, numbers, 'latest');
      for (const partition of numbers) {
        const progress = this.#partitions.get(keyOf(topic, partition));
        const end = ends.get(partition) ?? 0n;
        if (progress === undefined) continue;
        unread += Math.max(0, Number(end - progress.next));
        entries += progress.openEntries;
        bytes += progress.openBytes;
        oldestAt = Math.min(
          progress.oldestAt ?? Number.POSITIVE_INFINITY,
          oldestAt ?? Number.POSITIVE_INFINITY,
        );
      }
    }
    const each = Math.max(1, this.#seen.messages);
    return {
      entries: entries + Math.round(unread * Math.max(1, this.#seen.entries / each)),
      bytes: bytes + Math.round(unread * (this.#seen.bytes / each)),
      ...(oldestAt === undefined || oldestAt === Number.POSITIVE_INFINITY ? {} : { oldestAt }),
    };
  }

  /** Leaves the group, so that others take over at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pumping;
    await this.#committing.catch(() => {});
    await this.#member.close();
    await this.#fetcher.close();
  }

  #reassign(assigned: readonly Omit<Position, 'offset'>[]): void {
    this.#assigned = assigned;
    this.#options.onAssigned?.(assigned.length);
    const keys = new Set(assigned.map(({ topic, partition }) => keyOf(topic, partition)));
    for (const key of this.#partitions.keys()) if (!keys.has(key)) this.#partitions.delete(key);
    this.#ready.keep(({ position }) => {
      const { topic, partition } = positionOf(position);
      return keys.has(keyOf(topic, partition));
    });
  }

  async #pump(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const wait = await this.#pumpOnce().then(
        (wasBusy) => (wasBusy ? 0 : pauseMs),
        (error: unknown) => {
          if (!signal.aborted) this.#options.onTrouble(error);
          return troubleMs;
        },
      );
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => {});
    }
  }

  async #pumpOnce(): Promise<boolean> {
    if (!this.#isReady) {
      this.#options.onReady?.(await prepareTopics(this.#options.connection, this.#options.wanted));
      this.#isReady = true;
      this.#member.join();
    }
    await this.#openPartitions();
    const wanted = this.#ready.isFull ? [] : this.#hungry();
    if (wanted.length === 0) return false;
    let fetched: readonly FetchedPartition[];
    try {
      fetched = await this.#fetcher.fetch(wanted);
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
      await this.#skipExpired(wanted);
      return true;
    }
    for (const partition of fetched) await this.#take(partition);
    return fetched.some(({ records }) => records.length > 0);
  }

  #hungry(): readonly Position[] {
    return (this.#assigned ?? []).flatMap(({ topic, partition }) => {
      const progress = this.#partitions.get(keyOf(topic, partition));
      const isHungry =
        progress !== undefined && progress.openBytes < maxOpenBytes && progress.openOffsets < maxOpenOffsets;
      return isHungry ? [{ topic, partition, offset: progress.next }] : [];
    });
  }

  /** Partitions that are new here go on where the group is; from their first record where it was never. */
  async #openPartitions(): Promise<void> {
    const fresh = (this.#assigned ?? []).filter(
      ({ topic, partition }) => !this.#partitions.has(keyOf(topic, partition)),
    );
    for (const [topic, partitions] of Map.groupBy(fresh, ({ topic }) => topic)) {
      const numbers = partitions.map(({ partition }) => partition);
      const committed = await this.#member.committed(topic, numbers);
      const earliest = await this.#fetcher.offsets(topic, numbers, 'earliest');
      for (const partition of numbers) {
        if (!this.#isAssigned(topic, partition)) continue;
        const stored = committed.get(partition) ?? -1n;
        const start = stored < 0n ? (earliest.get(partition) ?? 0n) : stored;
        this.#partitions.set(keyOf(topic, partition), new PartitionProgress(start));
      }
    }
  }

  async #take({ topic, partition, records, next }: FetchedPartition): Promise<void> {
    const progress = this.#partitions.get(keyOf(topic, partition));
    const read = this.#options.readers.get(topic);
    for (const fetched of records) {
      const made = (await read?.(fetched)) ?? [];
      // Its partition may be another's by now.
      if (progress === undefined || this.#partitions.get(keyOf(topic, partition)) !== progress) return;
      const batches = made.map((batch, index) => ({
        ...batch,
        position: positionText(fetched.position, index),
        appendedAt: fetched.at,
        partition: keyOf(topic, partition),
      }));
      progress.take(fetched.position.offset, batches);
      this.#ready.add(batches);
      this.#seen.messages += 1;
      for (const { count, body } of batches) {
        this.#seen.entries += count;
        this.#seen.bytes += body.byteLength;
      }
    }
    if (progress !== undefined && progress.next < next) progress.next = next;
    // Where all of it was dead letters nothing else commits it.
    if (progress?.openOffsets === 0) await this.#commitDue();
  }

  /** Retention was shorter than an outage: what is gone is named, and the rest is read. */
  async #skipExpired(wanted: readonly Position[]): Promise<void> {
    for (const { topic, partition, offset } of wanted) {
      const first = (await this.#fetcher.offsets(topic, [partition], 'earliest')).get(partition) ?? 0n;
      const end = (await this.#fetcher.offsets(topic, [partition], 'latest')).get(partition) ?? 0n;
      const progress = this.#partitions.get(keyOf(topic, partition));
      if (progress === undefined || (offset >= first && offset <= end)) continue;
      if (first > offset) this.#options.onExpired(topic, partition, first - offset);
      progress.next = first;
    }
  }

  #isAssigned(topic: string, partition: number): boolean {
    return (this.#assigned ?? []).some((one) => one.topic === topic && one.partition === partition);
  }

  /** One commit after another: an earlier one that came late would take a later one back. */
  #commitDue(): Promise<void> {
    const commit = this.#committing.catch(() => {}).then(() => this.#commitOnce());
    this.#committing = commit;
    commit.catch(() => {});
    return commit;
  }

  async #commitOnce(): Promise<void> {
    const due = [...this.#partitions].flatMap(([key, progress]) => {
      const offset = progress.due();
      return offset === undefined ? [] : [{ ...positionOf(key), offset, progress }];
    });
    if (due.length === 0) return;
    await this.#member.commit(due.map(({ topic, partition, offset }) => ({ topic, partition, offset })));
    for (const { progress, offset } of due) progress.setCommitted(offset);
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

const isOutOfRange = (error: unknown): boolean =>
  error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') !== null;
