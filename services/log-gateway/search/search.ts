import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { type Cursor, cursorBehind, digestOf, readCursor } from './cursor.ts';
import type { LogFilter } from './log-query.ts';
import { TooManyLines } from './loki-client.ts';
import type { Found, SearchCache } from './search-cache.ts';
import type { StoredLines } from './stored-lines.ts';

export interface SearchRequest {
  readonly organization: string;
  readonly filter: LogFilter;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Milliseconds that an answer about the past is kept, and one about what may still come in. */
const pastMs = 300_000;
const presentMs = 2000;
/** Entries come in so late and later. */
const settledMs = 120_000;

/** Searches logs, page by page, newest first. */
export class Search {
  readonly #stored: StoredLines;
  readonly #cache: SearchCache;
  readonly #duration;
  readonly #cacheResults;

  constructor(
    stored: StoredLines,
    cache: SearchCache,
    { metrics }: Pick<Instrumentation<'log-gateway'>, 'metrics'>,
  ) {
    this.#stored = stored;
    this.#cache = cache;
    this.#duration = metrics.histogram('log_search_duration_seconds');
    this.#cacheResults = metrics.counter('log_search_cache_requests_total');
  }

  /** @throws HttpProblem */
  async page(request: SearchRequest, signal?: AbortSignal): Promise<Found> {
    const startedAt = performance.now();
    const key = JSON.stringify(request);
    const cached = await this.#cache.get(key);
    this.#cacheResults.inc({ cache_result: cached === undefined ? 'miss' : 'hit' });
    let outcome: 'success' | 'failure' = 'failure';
    try {
      const found = cached ?? (await this.#largest(request, signal));
      const settled = request.endMs < Date.now() - settledMs;
      if (cached === undefined) this.#cache.set(key, found, settled ? pastMs : presentMs);
      outcome = 'success';
      return found;
    } finally {
      this.#duration.observe({ outcome }, (performance.now() - startedAt) / 1000);
    }
  }

  /** The page, or the largest half, quarter … of it that the store can hand out. */
  async #largest(request: SearchRequest, signal?: AbortSignal): Promise<Found> {
    for (let limit = request.limit; ; limit = Math.ceil(limit / 2)) {
      try {
        return await this.#fetched({ ...request, limit }, signal);
      } catch (error) {
        if (!(error instanceof TooManyLines) || limit === 1) throw error;
      }
    }
  }

  async #fetched(request: SearchRequest, signal?: AbortSignal): Promise<Found> {
    const { organization, filter, startMs, endMs, limit } = request;
    const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor);
    const given = cursor?.given ?? new Set<string>();
    const lines = await this.#stored.lines(
      {
        organization,
        filter,
        startMs,
        end: endOf(cursor, endMs),
        // One more tells whether there is a next page.
        limit: limit + given.size + 1,
      },
      signal,
    );
    const rest = lines.filter(
      (one) => cursor === undefined || one.ns !== cursor.ns || !given.has(digestOf(one)),
    );
    const page = rest.slice(0, limit);
    const nextCursor = rest.length > limit ? cursorBehind(page, cursor) : undefined;
    return { lines: page, ...(nextCursor === undefined ? {} : { nextCursor }) };
  }
}

/** Loki's end is not within: the instant of the cursor is asked for again, less what was given. */
function endOf(cursor: Cursor | undefined, endMs: number): string {
  const end = `${endMs}000000`;
  if (cursor === undefined) return end;
  const behind = String(BigInt(cursor.ns) + 1n);
  return behind < end ? behind : end;
}
