import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pipeline, Refused } from './gateway-client.ts';
import { CanaryLedger, type LedgerOptions } from './ledger.ts';

export interface CanaryOptions extends LedgerOptions {
  readonly pipeline: Pipeline;
  readonly intervalMs: number;
  readonly onTrouble: (doing: 'send' | 'look', error: unknown) => void;
  /** After each look, whether it succeeded or not. */
  readonly onWaiting: (lines: number, oldestSeconds: number) => void;
}

/** With so many lines under way it sends no more: an outage must not be made longer by its own watcher. */
const mostWaiting = 1000;
const lookEveryMs = 1000;
const longestPauseMs = 60_000;

/** Sends lines, one after the other is acknowledged, and looks for them, until it is stopped. */
export class Canary {
  readonly #options: CanaryOptions;
  readonly #ledger: CanaryLedger;
  readonly #stopping = new AbortController();
  /** Lines of an earlier run are nobody's: what was known of them ended with its process. */
  readonly #run = `canary-${randomUUID()}`;
  #sequence = 0;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(options: CanaryOptions) {
    this.#options = options;
    this.#ledger = new CanaryLedger(options);
  }

  start(): void {
    const { intervalMs } = this.#options;
    this.#loops = Promise.all([
      this.#repeat('send', intervalMs, () => this.#send()),
      this.#repeat('look', lookEveryMs, () => this.#look()),
    ]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loops;
  }

  async #send(): Promise<void> {
    if (this.#ledger.waiting >= mostWaiting) return;
    const sequence = this.#sequence;
    this.#sequence += 1;
    const sentAt = Date.now();
    try {
      await this.#options.pipeline.send({ run: this.#run, sequence }, this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#options.onVerdict('refused');
      throw error;
    }
    this.#ledger.acknowledged(sequence, sentAt, Date.now());
  }

  async #look(): Promise<void> {
    const since = this.#ledger.oldestSentAt;
    try {
      if (since === undefined) return;
      const found = await this.#options.pipeline.find(this.#run, since, this.#stopping.signal);
      this.#ledger.looked(found, Date.now());
    } finally {
      this.#options.onWaiting(this.#ledger.waiting, this.#ledger.oldestWaitingMs(Date.now()) / 1000);
    }
  }

  /** Every `pauseMs`; after failures in a row twice as long each, with jitter, and as long as is asked for. */
  async #repeat(doing: 'send' | 'look', pauseMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      let least = 0;
      try {
        await work();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        least = error instanceof Refused ? error.retryAfter * 1000 : 0;
        this.#options.onTrouble(doing, error);
      }
      const backoff = failures === 0 ? pauseMs : pauseMs * 2 ** failures * (0.5 + Math.random() / 2);
      const wait = Math.min(longestPauseMs, Math.max(backoff, least)) - (performance.now() - startedAt);
      await delay(Math.max(0, wait), undefined, { signal }).catch(() => {});
    }
  }
}
