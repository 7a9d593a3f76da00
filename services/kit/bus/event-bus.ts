import type { Topic } from '../../../telemetry/contract/labels.ts';
import type { CloudEvent, EventOf, EventTypeOn } from './cloud-event.ts';

/**
 * Thrown by a handler for an event that no retry will mend: it goes to the dead letters at once,
 * and the others go on.
 */
export class PoisonEvent extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PoisonEvent';
  }
}

/**
 * Handles one delivery. Delivery is at least once, so it must be idempotent by the event's id. Returning
 * acknowledges; throwing asks for a later retry; throwing PoisonEvent dead-letters.
 */
export type EventHandler<T extends Topic> = (event: EventOf<EventTypeOn<T>>) => Promise<void>;

/** The bus as the services see it, the same over Dapr and embedded. */
export interface EventBus {
  /** Resolves when the bus has the event durably; rejects when it could not be handed over. */
  publish(event: CloudEvent): Promise<void>;
  /** One handler a topic; subscribe before start. */
  subscribe<T extends Topic>(topic: T, handler: EventHandler<T>): void;
  start(): Promise<void>;
  /** Finishes the deliveries in hand; what is not finished is delivered again after the next start. */
  stop(): Promise<void>;
  /** Rejects when the bus cannot be reached. */
  probe(): Promise<void>;
}

/** How a delivery ended, and for anything but success why. */
export type Verdict =
  | { readonly outcome: 'success' }
  | { readonly outcome: 'retry' | 'dead_letter'; readonly reason: string };

/** What the transport knows about a delivery when it hands it over. */
export interface Delivery {
  readonly topic: Topic;
  readonly event: unknown;
  /** From 1. */
  readonly attempt: number;
  /** Whether a retry is still possible after this one; otherwise a failure is final. */
  readonly last: boolean;
}

export type Receiver = (delivery: Delivery) => Promise<Verdict>;

export interface Depth {
  /** Events published and not yet processed by this subscriber, as far as the transport can know. */
  readonly lag: number;
  readonly deadLetters: number;
}

/** What an implementation provides; validation, tracing, metrics and logging are added once, in observed-bus.ts. */
export interface Transport {
  publish(event: CloudEvent): Promise<void>;
  /** `onTrouble` hears of what went wrong with the store itself; deliveries go on as soon as it works again. */
  start(topics: readonly Topic[], receive: Receiver, onTrouble: (error: unknown) => void): Promise<void>;
  stop(): Promise<void>;
  probe(): Promise<void>;
  depth(topic: Topic): Depth;
}

/** Deliveries of one event before it is given up; with the delays below, about 40 seconds of trying. */
export const maxAttempts = 5;

/** Milliseconds between attempt n and the next: 0.5 s, 2 s, 8 s, 30 s, of which the second half is random. */
export function retryDelayMs(attempt: number): number {
  const ceiling = Math.min(30_000, 500 * 4 ** (attempt - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}
