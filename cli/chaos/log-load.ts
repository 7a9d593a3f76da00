import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { z } from 'zod';
import type { Pipeline } from './pipeline-processes.ts';

const entriesPerRequest = 20;
const timeoutMs = 15_000;
/** After a refusal, so that a process that is down is not asked thousands of times. */
const pauseMs = 100;

export interface LoadFigures {
  /** Requests answered with 202. */
  readonly acknowledged: number;
  /** Requests answered with a refusal, such as 503 where the queue is full. */
  readonly refused: number;
  /** Answered with 202 and without the id of each entry: an acknowledgement of nothing. */
  readonly falseAcks: number;
  /** Requests without an answer: the process died, and what became of them nobody was told. */
  readonly unanswered: number;
}

/** The ids of the entries, or nothing where the answer does not have one of its own for each. */
export function idsOf(answer: string, entries: number): readonly string[] | undefined {
  const ids = z.array(z.uuid()).length(entries);
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('no JSON');
        return z.NEVER;
      }
    })
    .pipe(z.object({ ids }))
    .safeParse(answer);
  return parsed.success && new Set(parsed.data.ids).size === entries ? parsed.data.ids : undefined;
}

/** Sends entries all the time and writes down the ids of those that were acknowledged. */
export class LogLoad {
  readonly acknowledged = new Set<string>();
  readonly #pipeline: Pipeline;
  readonly #agent = new Agent({ connections: 8 });
  readonly #stop = new AbortController();
  readonly #figures = { acknowledged: 0, refused: 0, falseAcks: 0, unanswered: 0 };
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
  sendOnce(): Promise<boolean> {
    return this.send(
      Array.from({ length: entriesPerRequest }, () => {
        this.#made += 1;
        return `order ${this.#made} was paid`;
      }),
    );
  }

  /** Sends an entry for each message in one request, and notes what became of it. */
  async send(messages: readonly string[]): Promise<boolean> {
    const answer = await this.#post(messages).catch(() => undefined);
    if (answer === undefined) {
      this.#figures.unanswered += 1;
      return false;
    }
    if (answer.status !== 202) {
      this.#figures.refused += 1;
      return false;
    }
    const ids = idsOf(answer.text, messages.length);
    if (ids === undefined || ids.some((id) => this.acknowledged.has(id))) {
      this.#figures.falseAcks += 1;
      return false;
    }
    for (const id of ids) this.acknowledged.add(id);
    this.#figures.acknowledged += 1;
    return true;
  }

  async #post(messages: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
    const { gatewayUrl, key } = this.#pipeline;
    const entries = messages.map((message, index) => ({
      timestamp: new Date().toISOString(),
      level: 'info',
      service: `shop-${index % 5}`,
      message,
      fields: { currency: 'EUR' },
    }));
    const response = await fetch(`${gatewayUrl}/api/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(entries),
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher: this.#agent,
    } as RequestInit);
    return { status: response.status, text: await response.text() };
  }
}
