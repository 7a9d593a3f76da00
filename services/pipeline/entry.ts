import type { LogLevel } from '../../telemetry/contract/logs.ts';

/** What a field of an entry may hold: whatever JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * A log entry after admission. It is written to the queue as it stands and never changed again: every retry carries the
 * same id and the same instant, so that storing it twice stores it once.
 */
export interface AdmittedEntry {
  /** UUID. */
  readonly id: string;
  /** Nanoseconds since the epoch, 19 decimal digits: the instant that Loki gets. See `InstantSpreader`. */
  readonly timestamp_ns: string;
  /** The client's own time in the same form, untouched. */
  readonly event_ns: string;
  readonly level: LogLevel;
  readonly message: string;
  /** The emitting application. */
  readonly service: string;
  /** What within or before the application it came from, such as `web` or `firewall`. */
  readonly source?: string;
  readonly host?: string;
  /** Dotted name of the logger. */
  readonly logger?: string;
  readonly request_id?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly user_id?: string;
  /** Few values each; those on the allow-list may become labels of the stream. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, JsonValue>>;
}

/**
 * Gives the entries of one batch distinct instants, in their order: those that fall into one microsecond are numbered
 * within it, on from its first. So no adjustment reaches a microsecond, and the same batch always gets the same instants.
 * More than a thousand entries of one microsecond share instants; their lines differ by the id.
 */
export class InstantSpreader {
  /** The number within the microsecond that was given last. */
  readonly #taken = new Map<string, Microsecond>();
  /** Entries of one batch are mostly of few instants: the latest is at hand. */
  #latestNs = '';
  #latest: Microsecond | undefined;

  /** @param ns nanoseconds since the epoch as 19 decimal digits */
  at(ns: string): string {
    if (this.#latest !== undefined && ns === this.#latestNs) return next(this.#latest);
    const start = ns.slice(0, -3);
    const earlier = this.#taken.get(start);
    const microsecond = earlier ?? { start, number: Number(ns.slice(-3)) };
    this.#latestNs = ns;
    this.#latest = microsecond;
    if (earlier !== undefined) return next(earlier);
    this.#taken.set(start, microsecond);
    return ns;
  }
}

interface Microsecond {
  /** Microseconds since the epoch, 16 decimal digits. */
  readonly start: string;
  /** Nanoseconds within it that were given last, 0 to 999. */
  number: number;
}

const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

function next(microsecond: Microsecond): string {
  microsecond.number = (microsecond.number + 1) % 1000;
  return microsecond.start + threeDigits[microsecond.number];
}
