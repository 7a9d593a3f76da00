import { setTimeout as delay } from 'node:timers/promises';
import { type BaseOptions, Consumer } from '@platformatic/kafka';
import type { Position } from './position.ts';

export interface GroupMemberOptions {
  readonly connection: BaseOptions;
  readonly group: string;
  readonly topics: readonly string[];
  /** Whose partitions these are from now on; all others of this process are another's. */
  readonly onAssigned: (partitions: readonly Omit<Position, 'offset'>[]) => void;
  readonly onTrouble: (reason: unknown) => void;
}

/** A killed member's partitions go to others after so many milliseconds. */
const sessionTimeout = 10_000;
const heartbeatInterval = 1000;
const rebalanceTimeout = 20_000;
const retries = 3;
const retryDelay = 300;
const rejoinAfterMs = 1000;
/** How long a commit waits for a rebalance, and for the broker. */
const commitWithinMs = 8000;
const lookEveryMs = 50;

/**
 * A member of the consumer group: keeps joined, and commits. Partitions are shared by the cooperative protocol, so
 * that those that stay with a member are not interrupted when others come or go.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #client: Consumer;
  readonly #closing = new AbortController();
  #joining: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    const { connection, group, topics, onAssigned, onTrouble } = options;
    this.#client = new Consumer({
      ...connection,
      groupId: group,
      ...{ sessionTimeout, heartbeatInterval, rebalanceTimeout, retries, retryDelay },
      protocols: [{ name: 'cooperative-sticky', version: 1 }],
    });
    for (const topic of topics) this.#client.topics.track(topic);
    this.#client.on('consumer:group:join', () => onAssigned(this.#assigned()));
    // The client gives up after its retries; the member does not.
    this.#client.on('error', (error: unknown) => {
      onTrouble(error);
      this.join();
    });
  }

  get isMember(): boolean {
    return this.#client.isActive();
  }

  /** Joins in the background, and goes on trying until closed. */
  join(): void {
    this.#joining ??= this.#join().finally(() => {
      this.#joining = undefined;
    });
  }

  /** @throws Error when it is no member in time, or the broker does not take it */
  async commit(positions: readonly Position[]): Promise<void> {
    const deadline = Date.now() + commitWithinMs;
    while (!this.isMember) {
      if (Date.now() > deadline) throw new Error('this process is no member of the consumer group now');
      await delay(lookEveryMs);
    }
    const timeUp = new AbortController();
    try {
      await Promise.race([
        this.#client.commit({ offsets: positions.map((position) => ({ ...position, leaderEpoch: -1 })) }),
        delay(commitWithinMs, undefined, { signal: timeUp.signal }).then(() => {
          throw new Error(`the broker took no commit within ${commitWithinMs} ms`);
        }),
      ]);
    } finally {
      timeUp.abort();
    }
  }

  /** The first offset of each that is not stored; −1 where nothing of it is. */
  async committed(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    const found = await this.#client.listCommittedOffsets({
      topics: [{ topic, partitions: [...partitions] }],
    });
    return new Map(partitions.map((partition) => [partition, found.get(topic)?.[partition] ?? -1n]));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client.close(true);
    await this.#joining;
  }

  async #join(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#client.joinGroup();
        return;
      } catch (error) {
        if (!signal.aborted) this.#options.onTrouble(error);
      }
      await delay(rejoinAfterMs, undefined, { signal }).catch(() => {});
    }
  }

  #assigned(): readonly Omit<Position, 'offset'>[] {
    return (this.#client.assignments ?? []).flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  }
}
