import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One line of a canary's run. */
export interface CanaryLine {
  readonly run: string;
  readonly sequence: number;
}

/** How the canary reaches the log pipeline: as every application does. */
export interface Pipeline {
  /** Settles when the line is acknowledged. @throws Refused, or what the network says */
  send(line: CanaryLine, signal: AbortSignal): Promise<void>;
  /** Sequence numbers of a run's lines that are stored since then, the oldest first. */
  find(run: string, sinceMs: number, signal: AbortSignal): Promise<readonly number[]>;
}

/** What was answered in place of taking a line or searching. */
export class Refused extends Error {
  /** Seconds that the gateway asks to wait. */
  readonly retryAfter: number;

  constructor(status: number, retryAfter: number) {
    super(`the gateway answered with status ${status}`);
    this.retryAfter = retryAfter;
  }
}

const timeoutMs = 15_000;
/** Clocks may differ by so much; lines of other runs are told apart by their request id. */
const marginMs = 60_000;
const mostPages = 20;

const page = z.object({
  entries: z.array(z.object({ message: z.string() })),
  next_cursor: z.string().optional(),
});

/** @param keyFile is read for each request, so that a rotated key is taken up */
export function gatewayClient(url: string, keyFile: string, ask: typeof fetch = fetch): Pipeline {
  async function request(path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> {
    const answer = await ask(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${readFileSync(keyFile, 'utf8').trim()}`, ...init.headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new Refused(answer.status, Number(answer.headers.get('retry-after') ?? 0) || 0);
  }

  return {
    async send({ run, sequence }, signal) {
      const answer = await request('/api/v1/logs', signal, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          message: `canary line ${sequence}`,
          service: 'log-canary',
          level: 'INFO',
          request_id: run,
        }),
      });
      await answer.body?.cancel();
    },
    async find(run, sinceMs, signal) {
      const found: number[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < mostPages; pages += 1) {
        const query = new URLSearchParams({
          request_id: run,
          service: 'log-canary',
          limit: '1000',
          start_time: new Date(sinceMs - marginMs).toISOString(),
          end_time: new Date(Date.now() + marginMs).toISOString(),
          ...(cursor === undefined ? {} : { cursor }),
        });
        const answer = page.parse(await (await request(`/api/v1/logs/search?${query}`, signal)).json());
        for (const { message } of answer.entries) {
          const sequence = /^canary line (\d{1,15})$/.exec(message)?.[1];
          if (sequence !== undefined) found.push(Number(sequence));
        }
        cursor = answer.next_cursor;
        if (cursor === undefined) break;
      }
      return found.reverse();
    },
  };
}
