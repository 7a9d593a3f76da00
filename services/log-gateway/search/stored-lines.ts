import { type Place, type Span, spansWith } from '../../pipeline/search-index/index-reader.ts';
import { joinSpans } from '../../pipeline/search-index/join-spans.ts';
import { type LogFilter, logqlOf, wordsOf } from './log-query.ts';
import type { LokiClient, LokiLine } from './loki-client.ts';

export interface StoredLinesQuery {
  readonly organization: string;
  readonly filter: LogFilter;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  /** Nanoseconds since the epoch, not within. */
  readonly end: string;
  readonly limit: number;
}

/** Spans that one search asks Loki for: each is a query of its own, of some milliseconds. */
const mostSpans = 24;
const atOnce = 4;
/** Of more services than so many, all are asked. */
const mostServices = 50;

/** Lines of Loki, from where the search index says that they can be. */
export class StoredLines {
  readonly #loki: LokiClient;
  readonly #indexDirectory: string | undefined;

  /** @param indexDirectory where the ingestor keeps its search index, if it does */
  constructor(loki: LokiClient, indexDirectory: string | undefined) {
    this.#loki = loki;
    this.#indexDirectory = indexDirectory;
  }

  /** Newest first. @throws HttpProblem as LokiClient */
  async lines(query: StoredLinesQuery, signal?: AbortSignal): Promise<readonly LokiLine[]> {
    const { organization, filter, startMs, end, limit } = query;
    const endMs = Number(end.slice(0, -6)) + 1;
    const spans = this.#spans(organization, filter, { startMs, endMs });
    const found: LokiLine[] = [];
    for (let from = 0; from < spans.length && found.length < limit; from += atOnce) {
      const answers = await Promise.all(
        spans.slice(from, from + atOnce).map((span) => {
          const logql = logqlOf(filter, namedAtMost(mostServices, span.services));
          const start = `${span.startMs}000000`;
          const range = { organization, logql, start, end: earlier(`${span.endMs}000000`, end), limit };
          return this.#loki.lines(range, signal);
        }),
      );
      found.push(...answers.flat());
    }
    return found.slice(0, limit);
  }

  #spans(organization: string, filter: LogFilter, whole: Span): readonly Place[] {
    const everywhere = [{ ...whole, services: undefined }];
    if (this.#indexDirectory === undefined) return everywhere;
    const spans = spansWith(this.#indexDirectory, organization, wordsOf(filter), whole);
    return spans === undefined ? everywhere : joinSpans(spans, mostSpans);
  }
}

const namedAtMost = (most: number, services: Place['services']): Place['services'] =>
  services !== undefined && services.size > most ? undefined : services;

/** Both have 19 digits. */
const earlier = (some: string, other: string): string => (some < other ? some : other);
