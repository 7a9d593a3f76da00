import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { waitFor } from '../support/wait.ts';

const selector = '{job="distributed"}';
const linesPerPush = 100;
/** Between two pushes: what is pushed is read several times, and compared line by line. */
const pauseMs = 50;
const streams = 10;
/** What Loki gives at once by default (`limits_config.max_entries_limit_per_query`). */
const page = 5000;
const requestTimeoutMs = 30_000;
const tenant = { 'x-scope-orgid': platformTenant };

/** Pushes numbered lines one batch after the other, each until it is taken, and knows which were. */
export class Pusher {
  readonly acknowledged = new Set<number>();
  /** Pushes that were not taken, and then sent again. */
  refused = 0;
  readonly #urls: readonly string[];
  #next = 0;
  #running: Promise<void> | undefined;
  #ending = false;
  #abandoned = false;

  /** @param urls of the distributors, in turns: what a Service does */
  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  begin(): void {
    this.#ending = false;
    this.#running = this.#push();
  }

  /** Resolves when the last batch has been taken. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#running;
  }

  /** The same when there may be nobody left to take it. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.end();
  }

  /** Waits until so many more lines have been taken. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.size + count;
    await waitFor(`${wanted} lines`, () => this.acknowledged.size >= wanted || undefined, 180_000);
  }

  async #push(): Promise<void> {
    while (!this.#ending) {
      const ids = Array.from({ length: linesPerPush }, () => this.#next++);
      const body = bodyOf(ids);
      for (let attempt = this.#next; !(await this.#isTaken(body, attempt)); attempt += 1) {
        if (this.#abandoned) return;
        this.refused += 1;
        await delay(100);
      }
      for (const id of ids) this.acknowledged.add(id);
      await delay(pauseMs);
    }
  }

  /** 204 alone means that enough ingesters have it. */
  async #isTaken(body: string, attempt: number): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#urls[attempt % this.#urls.length]}/loki/api/v1/push`, {
        method: 'POST',
        headers: { ...tenant, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      await answer.arrayBuffer();
      return answer.status === 204;
    } catch {
      return false;
    }
  }
}

/** No two lines have the same time, so that a page can begin after the last line of the one before. */
function bodyOf(ids: readonly number[]): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  const byStream = Map.groupBy(ids, (id) => id % streams);
  return JSON.stringify({
    streams: [...byStream].map(([stream, own]) => ({
      stream: { job: 'distributed', stream: String(stream) },
      values: own.map((id) => [
        String(now + BigInt(id % 1_000_000)),
        JSON.stringify({ id, message: `line ${id} is written` }),
      ]),
    })),
  });
}

const answerSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()])) })),
  }),
});
const lineSchema = z.object({ id: z.number() });

/** Every line's id as a query until now finds it, as often as it does. @param since milliseconds since 1970 */
export async function readIds(frontend: string, since: number): Promise<readonly number[]> {
  const end = String(BigInt(Date.now() + 1000) * 1_000_000n);
  const ids: number[] = [];
  let start = BigInt(since) * 1_000_000n;
  for (;;) {
    const query = new URLSearchParams({
      query: selector,
      start: String(start),
      end,
      limit: String(page),
      direction: 'forward',
    });
    const answer = await fetch(`${frontend}/loki/api/v1/query_range?${query}`, {
      headers: tenant,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 500)}`);
    const values = answerSchema.parse(JSON.parse(text)).data.result.flatMap((stream) => stream.values);
    ids.push(...values.map(([, line]) => lineSchema.parse(JSON.parse(line)).id));
    if (values.length < page) return ids;
    // Nanoseconds of the same length sort as texts.
    start =
      BigInt(
        values
          .map(([time]) => time)
          .sort()
          .at(-1) ?? 0,
      ) + 1n;
  }
}

const patternsSchema = z.object({
  data: z.array(z.object({ pattern: z.string(), samples: z.array(z.tuple([z.number(), z.number()])) })),
});

export interface Pattern {
  readonly pattern: string;
  readonly lines: number;
}

/** What Loki says the lines have in common. @param since milliseconds since 1970 */
export async function readPatterns(frontend: string, since: number): Promise<readonly Pattern[]> {
  const query = new URLSearchParams({
    query: selector,
    start: String(since / 1000),
    end: String(Date.now() / 1000),
  });
  const answer = await fetch(`${frontend}/loki/api/v1/patterns?${query}`, {
    headers: tenant,
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 500)}`);
  return patternsSchema.parse(JSON.parse(text)).data.map(({ pattern, samples }) => ({
    pattern,
    lines: samples.reduce((sum, [, count]) => sum + count, 0),
  }));
}

export interface Comparison {
  readonly acknowledged: number;
  readonly read: number;
  readonly lost: number;
  readonly twice: number;
  readonly unknown: number;
}

export function compare(acknowledged: ReadonlySet<number>, read: readonly number[]): Comparison {
  const unique = new Set(read);
  return {
    acknowledged: acknowledged.size,
    read: unique.size,
    lost: [...acknowledged].filter((id) => !unique.has(id)).length,
    twice: read.length - unique.size,
    unknown: [...unique].filter((id) => !acknowledged.has(id)).length,
  };
}
