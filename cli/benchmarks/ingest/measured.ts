import type { LoadResult } from './load.ts';
import type { InLoki } from './until-in-loki.ts';

/** Events of a request. */
export const batches = [1, 100, 1000] as const;
export const largest = 1000;
const connections = 16;
export const connectionsOfSingles = 64;

/** Connections that send requests of so many events. */
export const connectionsFor = (batch: number): number => (batch === 1 ? connectionsOfSingles : connections);

export interface HowLong {
  readonly seconds: number;
  /** Ends the measurement with its reason, and what was started for it. */
  readonly signal: AbortSignal;
}

/** What was sent as fast as it was taken. */
export interface AtMost extends InLoki {
  readonly batch: number;
}

/** The most that each process took, in bytes, where the system tells. */
export type Memory = Readonly<Record<string, number | undefined>>;

/** A binary, or why there is none. */
export type Binary = { readonly path: string } | { readonly missing: string };

/** Measurements of one round, one after another. */
export interface Round {
  readonly ours: AtMost;
  readonly direct: LoadResult;
  /** None where it cannot be had. */
  readonly collector: AtMost | undefined;
}

/** @param sorted one value or more */
export const middleOf = <T>(sorted: readonly T[]): T | undefined => sorted[Math.floor(sorted.length / 2)];

export const shareOf = ({ ours, direct }: Round): number => ours.toLokiPerSecond / direct.eventsPerSecond;

export interface IngestFigures {
  readonly steady: LoadResult;
  /** Sent as JSON, by each size of batch. */
  readonly json: readonly AtMost[];
  /** The same lines as OTLP in protobuf, but for single ones. */
  readonly otlp: readonly AtMost[];
  /** The Collector, sent the same requests as `otlp`, by each size of batch; or why there is none. */
  readonly collector: readonly AtMost[] | { readonly missing: string };
  /** The largest batches in turn: the round of the middle share is the one in `json` and `collector`. The least share first. */
  readonly rounds: readonly Round[];
  /** The largest batches while nothing is taken from the queue, and from the Collector’s while Loki is away: as at a peak. */
  readonly alone: { readonly gateway: LoadResult; readonly collector: LoadResult | undefined };
  readonly promtail: AtMost;
  readonly memory: Memory;
}
