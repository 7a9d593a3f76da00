import type { LabelValue } from '../../telemetry/contract/labels.ts';

export type Verdict = LabelValue<'canary_verdict'>;

interface Line {
  readonly sequence: number;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
  foundAt?: number;
  isMissing: boolean;
  isOutOfOrder: boolean;
  copies: number;
}

export interface LedgerOptions {
  /** Milliseconds: a line is missing when one that was acknowledged so much later was found, and it was not. */
  readonly deadlineMs: number;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Milliseconds from the acknowledgement of a line to the look that found it. */
  readonly onFound: (delayMs: number) => void;
}

/** Milliseconds that a found line is watched for copies of it, and a missing one for its coming after all. */
const watchedMs = 120_000;

/** What was acknowledged, and what was seen of it. Times are milliseconds since the epoch. */
export class CanaryLedger {
  readonly #options: LedgerOptions;
  readonly #lines = new Map<number, Line>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Lines that nothing was seen of yet. */
  get waiting(): number {
    return this.#waiting().length;
  }

  /** When the oldest line that is still watched was sent; undefined when none is. */
  get oldestSentAt(): number | undefined {
    return this.#lines.values().next().value?.sentAt;
  }

  /** Milliseconds that the oldest waiting line has waited; 0 when none does. */
  oldestWaitingMs(now: number): number {
    const [oldest] = this.#waiting();
    return oldest === undefined ? 0 : Math.max(0, now - oldest.acknowledgedAt);
  }

  acknowledged(sequence: number, sentAt: number, acknowledgedAt: number): void {
    this.#lines.set(sequence, {
      sequence,
      sentAt,
      acknowledgedAt,
      isMissing: false,
      isOutOfOrder: false,
      copies: 0,
    });
    this.#options.onVerdict('acknowledged');
  }

  /** @param sequences what a look found since `oldestSentAt`, in the store's order, the oldest first */
  looked(sequences: readonly number[], now: number): void {
    const found = sequences.filter((sequence) => this.#lines.has(sequence));
    this.#count(found, now);
    this.#order(found);
    this.#miss();
    this.#forget(now);
  }

  #count(found: readonly number[], now: number): void {
    const copies = new Map<number, number>();
    for (const sequence of found) copies.set(sequence, (copies.get(sequence) ?? 0) + 1);
    for (const [sequence, times] of copies) {
      const line = this.#lines.get(sequence);
      if (line === undefined) continue;
      if (line.foundAt === undefined) {
        line.foundAt = now;
        this.#options.onVerdict(line.isMissing ? 'late' : 'found');
        this.#options.onFound(Math.max(0, now - line.acknowledgedAt));
      }
      for (let copy = Math.max(1, line.copies); copy < times; copy += 1) this.#options.onVerdict('duplicate');
      line.copies = Math.max(line.copies, times);
    }
  }

  /** Each was sent after the one before was acknowledged: nothing may stand before what has a lower number. */
  #order(found: readonly number[]): void {
    let highest = -1;
    for (const sequence of found) {
      const line = this.#lines.get(sequence);
      if (line !== undefined && sequence < highest && !line.isOutOfOrder) {
        line.isOutOfOrder = true;
        this.#options.onVerdict('out_of_order');
      }
      highest = Math.max(highest, sequence);
    }
  }

  /** While nothing comes, everything is late and nothing is lost: only what was overtaken is missing. */
  #miss(): void {
    const reached = Math.max(
      ...[...this.#lines.values()].map(({ foundAt, acknowledgedAt }) =>
        foundAt === undefined ? Number.NEGATIVE_INFINITY : acknowledgedAt,
      ),
    );
    for (const line of this.#waiting()) {
      if (reached - line.acknowledgedAt <= this.#options.deadlineMs) continue;
      line.isMissing = true;
      this.#options.onVerdict('missing');
    }
  }

  #forget(now: number): void {
    for (const [sequence, { foundAt, isMissing, acknowledgedAt }] of this.#lines) {
      const isDone = foundAt !== undefined || isMissing;
      const last = Math.max(foundAt ?? 0, acknowledgedAt + (isMissing ? this.#options.deadlineMs : 0));
      if (isDone && now - last > watchedMs) this.#lines.delete(sequence);
    }
  }

  #waiting(): readonly Line[] {
    return [...this.#lines.values()].filter(({ foundAt, isMissing }) => foundAt === undefined && !isMissing);
  }
}
