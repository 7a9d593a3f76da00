import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { keyPrefix, type SharedRedis } from './redis.ts';

/** The stores of rate limits by the name of the limit: for all gateways where there is Redis. */
export function limitStores(redis: SharedRedis | undefined): (name: string) => Store {
  return (name) => (redis === undefined ? new MemoryStore() : new SharedLimitStore(redis, name));
}

/**
 * Counts for all gateways together, and for this one alone while Redis is away: nobody is refused for the outage, and
 * nobody is without a limit; it then is one for each gateway.
 */
class SharedLimitStore implements Store {
  readonly localKeys = false;
  readonly prefix: string;
  readonly #redis: SharedRedis;
  readonly #common: RedisStore;
  readonly #own = new MemoryStore();
  /** Whether the server has the scripts that count. */
  #isLoaded = false;

  constructor(redis: SharedRedis, name: string) {
    this.#redis = redis;
    this.prefix = `${keyPrefix}${name}:`;
    this.#common = new RedisStore({
      prefix: this.prefix,
      sendCommand: (...words: string[]) => redis.send(words),
    });
  }

  init(options: Options): void {
    this.#own.init(options);
    this.#redis.onReady(() => {
      this.#isLoaded = false;
      this.#common.init(options).then(
        () => {
          this.#isLoaded = true;
        },
        // The connection is gone again: the next one calls again.
        () => {},
      );
    });
  }

  async increment(key: string) {
    const counted = this.#isLoaded ? await this.#redis.ask(() => this.#common.increment(key)) : undefined;
    return counted ?? this.#own.increment(key);
  }

  async decrement(key: string): Promise<void> {
    await this.#redis.ask(() => this.#common.decrement(key));
    this.#own.decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    await this.#redis.ask(() => this.#common.resetKey(key));
    this.#own.resetKey(key);
  }

  shutdown(): void {
    this.#own.shutdown();
  }
}
