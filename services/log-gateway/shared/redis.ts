import { readFileSync } from 'node:fs';
import type { RedisReply } from 'rate-limit-redis';
import { createClient } from 'redis';
import { SightlineError } from '../../../telemetry/errors.ts';
import type { Logger } from '../../../telemetry/instrument/logger.ts';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';

/** Milliseconds that a request waits for Redis before it goes on without, and that others then do not ask. */
const answerMs = 250;
const pauseMs = 1000;
const longestReconnectMs = 5000;
/** A Redis that holds its connection and says nothing is connected to anew. */
const pingMs = 1000;
const silentMs = 5000;

type Client = ReturnType<typeof clientOf>;

/** Begins the name of everything that the gateway keeps there. */
export const keyPrefix = 'sightline:log-gateway:';

/**
 * What several gateways share. Nothing depends on it: while Redis is away every gateway counts and remembers by itself.
 */
export class SharedRedis {
  readonly #client: Client;
  readonly #log: Logger;
  readonly #onReady: (() => void)[] = [];
  #pausedUntil = 0;
  #away = false;

  /** Begins to connect, and waits for nothing. */
  constructor(config: PipelineConfig['redis'] & { readonly url: string }, log: Logger) {
    this.#log = log;
    this.#client = clientOf(config);
    this.#client.on('error', (error: unknown) => this.#isAway(error));
    this.#client.on('ready', () => {
      if (this.#away) log.info('Redis answers again');
      this.#away = false;
      this.#pausedUntil = 0;
      for (const listener of this.#onReady) listener();
    });
    this.#client.connect().catch((error: unknown) => this.#isAway(error));
  }

  /** Calls the listener at each new connection: the server may be another, and know nothing. */
  onReady(listener: () => void): void {
    this.#onReady.push(listener);
    if (this.#client.isReady) listener();
  }

  /** What Redis says; undefined where it says nothing in time. Never throws. */
  async ask<T>(command: (client: Client) => Promise<T>): Promise<T | undefined> {
    if (!this.#client.isReady || performance.now() < this.#pausedUntil) return undefined;
    try {
      return await inTime(command(this.#client));
    } catch (error) {
      this.#isAway(error);
      this.#pausedUntil = performance.now() + pauseMs;
      return undefined;
    }
  }

  /** For libraries that write their own commands. @throws what the client throws */
  send(words: readonly string[]): Promise<RedisReply> {
    return this.#client.sendCommand<RedisReply>(words);
  }

  /** Throws where Redis does not answer. */
  async probe(): Promise<void> {
    if (!this.#client.isReady) throw new Error('Redis is not connected');
    await inTime(this.#client.ping());
  }

  close(): void {
    this.#client.destroy();
  }

  #isAway(error: unknown): void {
    if (this.#away) return;
    this.#away = true;
    this.#log.warning('Redis does not answer; this gateway counts and remembers by itself', {
      reason: codeOf(error),
    });
  }
}

function clientOf({ url, caFile }: PipelineConfig['redis'] & { readonly url: string }) {
  return createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: pingMs,
    socket: {
      connectTimeout: 2000,
      socketTimeout: silentMs,
      reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, longestReconnectMs),
      ...(caFile === undefined ? {} : { tls: true, ca: certificates(caFile) }),
    },
  });
}

function certificates(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new SightlineError('SL1709', {
      what: 'the certificates that Redis is checked with cannot be read (redis.caFile)',
      where: file,
      fix: 'give a PEM file that the process may read',
      cause,
    });
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('TIMEOUT')), answerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `WRONGPASS`, `ECONNREFUSED`: the rest of a message may tell more than a log should know. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /^[A-Z]{3,}\b/.exec(error.message)?.[0] ?? error.name;
}

/** Undefined where the configuration names none. */
export function openSharedRedis(config: PipelineConfig['redis'], log: Logger): SharedRedis | undefined {
  const { url } = config;
  return url === undefined ? undefined : new SharedRedis({ ...config, url }, log);
}
