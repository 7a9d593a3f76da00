import { setTimeout as delay } from 'node:timers/promises';
import { Producer } from '@platformatic/kafka';
import { idAt, idsFrom } from '../../../services/log-gateway/intake/ids.ts';

const topic = 'logs';
const everyMs = 100;
const entriesPerRecord = 10;
/** Every so many records is one that no ingestor can read. */
const malformedEvery = 5;
const retries = 100;
const retryDelay = 300;

/** An application that writes to Kafka itself, some of it malformed, and knows what the broker acknowledged. */
export class DirectLoad {
  /** Ids of the entries that must come to Loki. */
  readonly acknowledged = new Set<string>();
  /** Where the records lie that must come to the topic of dead letters. */
  readonly malformed = new Set<string>();
  readonly #producer: Producer;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(bootstrap: string) {
    this.#producer = new Producer({
      ...{ clientId: 'chaos', bootstrapBrokers: [bootstrap], retries, retryDelay },
      idempotent: true,
    });
  }

  start(): void {
    this.#loop = this.#send();
  }

  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#loop;
    await this.#producer.close(true);
  }

  async #send(): Promise<void> {
    const { signal } = this.#stop;
    for (let record = 0; !signal.aborted; record += 1) {
      const isMalformed = record % malformedEvery === 0;
      const value = Buffer.from(isMalformed ? `line ${record} is no JSON` : JSON.stringify(entries(record)));
      // What is not acknowledged is promised to nobody.
      const { offsets = [] } = await this.#producer
        .send({ messages: [{ topic, value }] })
        .catch(() => ({ offsets: [] }));
      for (const { partition, offset } of offsets) {
        if (isMalformed) this.malformed.add(`${partition}/${offset}`);
        else this.#note(partition, offset);
      }
      await delay(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  #note(partition: number, offset: bigint): void {
    const start = idsFrom(`${topic}\n${partition}\n${offset}`);
    for (let index = 0; index < entriesPerRecord; index += 1) this.acknowledged.add(idAt(start, index));
  }
}

const entries = (record: number) =>
  Array.from({ length: entriesPerRecord }, (_, index) => ({
    service: 'till',
    message: `sale ${record * entriesPerRecord + index}`,
  }));
