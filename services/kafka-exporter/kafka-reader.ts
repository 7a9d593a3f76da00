import { Admin, type BaseOptions } from '@platformatic/kafka';
import { type KafkaState, readKafka } from './read-kafka.ts';

/** Reads the state of Kafka; whoever asks while it is being read gets the same answer. */
export class KafkaReader {
  readonly #connection: BaseOptions;
  readonly #deadlineMs: number;
  #admin: Admin | undefined;
  #reading: Promise<KafkaState> | undefined;

  /** @param deadlineMs milliseconds for one look, shorter than Prometheus waits */
  constructor(connection: BaseOptions, deadlineMs: number) {
    this.#connection = connection;
    this.#deadlineMs = deadlineMs;
  }

  /** @throws Error when the brokers do not answer in time, or refuse */
  read(): Promise<KafkaState> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.close();
  }

  async #read(): Promise<KafkaState> {
    this.#admin ??= new Admin({ ...this.#connection, retries: 1, retryDelay: 200 });
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(
      () => timer.reject(new Error(`the brokers did not answer within ${this.#deadlineMs} ms`)),
      this.#deadlineMs,
    );
    try {
      return await Promise.race([readKafka(this.#admin), timer.promise]);
    } catch (error) {
      // What it still waits for must not be in the way of the next look.
      void this.close().catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timeout);
    }
  }
}
