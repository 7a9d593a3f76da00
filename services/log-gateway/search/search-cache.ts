import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { keyPrefix, type SharedRedis } from '../shared/redis.ts';
import type { LokiLine } from './loki-client.ts';

/** One page of what a search found. */
export interface Found {
  readonly lines: readonly LokiLine[];
  /** Where to go on; absent where there is no more. */
  readonly nextCursor?: string | undefined;
}

/** Bytes of answers that are kept in memory. */
const memoryBytes = 64 * 1024 * 1024;
/** Characters of an answer that is put into Redis at most. */
const sharedLength = 1_000_000;

const shared = z.object({
  /** Milliseconds since the epoch. */
  until: z.number(),
  found: z.object({
    lines: z
      .array(z.object({ ns: z.string(), line: z.string(), labels: z.record(z.string(), z.string()) }))
      .readonly(),
    nextCursor: z.string().optional(),
  }),
});

/** Answers of searches for a while: in memory, and in Redis for other gateways where there is one. */
export class SearchCache {
  readonly #redis: SharedRedis | undefined;
  readonly #memory = new LRUCache<string, Found>({
    maxSize: memoryBytes,
    sizeCalculation: ({ lines }, key) =>
      lines.reduce((sum, { line }) => sum + line.length * 2 + 300, key.length * 2 + 100),
  });

  constructor(redis: SharedRedis | undefined) {
    this.#redis = redis;
  }

  /** @param question all that the answer depends on, the organization too */
  async get(question: string): Promise<Found | undefined> {
    const kept = this.#memory.get(question);
    if (kept !== undefined || this.#redis === undefined) return kept;
    const text = await this.#redis.ask((client) => client.get(nameOf(question)));
    const parsed = text ? shared.safeParse(jsonIn(text)).data : undefined;
    const leftMs = (parsed?.until ?? 0) - Date.now();
    if (parsed === undefined || leftMs <= 0) return undefined;
    this.#memory.set(question, parsed.found, { ttl: leftMs });
    return parsed.found;
  }

  /** @param ttlMs milliseconds that it stays true */
  set(question: string, found: Found, ttlMs: number): void {
    this.#memory.set(question, found, { ttl: ttlMs });
    if (this.#redis === undefined) return;
    const text = JSON.stringify({ until: Date.now() + ttlMs, found } satisfies z.output<typeof shared>);
    if (text.length > sharedLength) return;
    // Nobody waits for it: whoever asks next asks Loki.
    void this.#redis.ask((client) => client.set(nameOf(question), text, { PX: ttlMs }));
  }
}

const nameOf = (question: string): string =>
  `${keyPrefix}search:${createHash('sha256').update(question).digest('base64url')}`;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
