import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { z } from 'zod';
import type { Pipeline } from './pipeline-processes.ts';

const takenSchema = z.object({ ids: z.array(z.string()) });

const entriesPerRequest = 20;
const timeoutMs = 15_000;
/** After a refusal, so that a process that is down is not asked thousands of times. */
const pauseMs = 100;

export interface LoadFigures {
  /** Requests answered with 202. */
  readonly acknowledged: number;
  /** Requests answered with a refusal, such as 503 where the queue is full. */
  readonly refused: number;
  /** Requests without an answer: the process died, and what became of them nobody was told. */
  readonly unanswered: number;
}

/** Sends entries all the time and writes down the ids of those that were acknowledged. */
export class LogLoad {
  readonly acknowledged = new Set<string>();
  readonly #pipeline: Pipeline;
  readonly #agent = new Agent({ connections: 8 });
  readonly #stop = new AbortController();
  #figures = { acknowledged: 0, refused: 0, unanswered: 0 };
  #senders: Promise<unknown> = Promise.resolve();
  #made = 0;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  get figures(): LoadFigures {
    return this.#figures;
  }

  /** @param requestsPerSecond of each sender, at most */
  start(senders: number, requestsPerSecond: number): void {
    this.#senders = Promise.all(Array.from({ length: senders }, () => this.#send(requestsPerSecond)));
  }

  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#senders;
    await this.#agent.close();
  }

  async #send(requestsPerSecond: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const started = performance.now();
      const wasTaken = await this.sendOnce();
      const pace = 1000 / requestsPerSecond - (performance.now() - started);
      await delay(wasTaken ? Math.max(0, pace) : pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Whether it was acknowledged. */
  async sendOnce(): Promise<boolean> {
    const { gatewayUrl, key } = this.#pipeline;
    const entries = Array.from({ length: entriesPerRequest }, () => {
      this.#made += 1;
      return {
        timestamp: new Date().toISOString(),
        level: 'info',
        service: `shop-${this.#made % 5}`,
        message: `order ${this.#made} was paid`,
        fields: { order: this.#made, currency: 'EUR' },
      };
    });
    try {
      const response = await fetch(`${gatewayUrl}/api/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(entries),
        signal: AbortSignal.timeout(timeoutMs),
        dispatcher: this.#agent,
      } as RequestInit);
      const answer: unknown = await response.json();
      if (response.status !== 202) {
        this.#figures.refused += 1;
        return false;
      }
      const { ids } = takenSchema.parse(answer);
      if (ids.length !== entriesPerRequest)
        throw new Error(`${ids.length} ids for ${entriesPerRequest} entries`);
      for (const id of ids) this.acknowledged.add(id);
      this.#figures.acknowledged += 1;
      return true;
    } catch {
      this.#figures.unanswered += 1;
      return false;
    }
  }
}
