import type { InLoki } from './until-in-loki.ts';

/** Events of a request. */
export const batches = [1, 100, 1000] as const;
export const largest = 1000;
export const connections = 16;
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
