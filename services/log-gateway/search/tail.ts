import type { Request, Response } from 'express';
import WebSocket from 'ws';
import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { foundEntryOf } from './found-entry.ts';

/** A client that is so many bytes behind is cut off: its entries would pile up here. */
const maxBehindBytes = 1_000_000;
const heartbeatMs = 15_000;
const maxMessageBytes = 16 * 1024 * 1024;

const tailMessage = z.object({
  streams: z
    .array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    )
    .nullish(),
});

export interface TailsOptions {
  readonly lokiUrl: string;
  readonly most: number;
}

/** Passes new entries on as they come, as server-sent events. */
export class Tails {
  readonly #options: TailsOptions;
  readonly #open = new Set<() => void>();

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** @throws HttpProblem 429 where too many are open, 502 where Loki does not let one begin */
  async follow(request: Request, response: Response, organization: string, logql: string): Promise<void> {
    if (this.#open.size >= this.#options.most) {
      throw new HttpProblem(429, 'Too many tails are open', { retry_after: 30 });
    }
    const socket = this.#connect(organization, logql);
    const close = (): void => {
      if (!this.#open.delete(close)) return;
      clearInterval(heartbeat);
      socket.terminate();
      response.end();
    };
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    this.#open.add(close);
    request.on('close', close);
    response.on('close', close);
    try {
      await opened(socket);
    } catch {
      this.#open.delete(close);
      clearInterval(heartbeat);
      throw new HttpProblem(502, 'The store of logs does not answer');
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(': from now on\n\n');
    socket.on('message', (data) => {
      for (const event of eventsOf(String(data))) response.write(event);
      if (response.writableLength > maxBehindBytes) close();
    });
    socket.on('error', close);
    socket.on('close', close);
  }

  /** Ends all of them. */
  stop(): void {
    for (const close of [...this.#open]) close();
  }

  #connect(organization: string, logql: string): WebSocket {
    const url = new URL('/loki/api/v1/tail', this.#options.lokiUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ query: logql, limit: '10' }).toString();
    return new WebSocket(url, {
      headers: { 'x-scope-orgid': organization },
      handshakeTimeout: 10_000,
      maxPayload: maxMessageBytes,
    });
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
}

/** One event an entry. What is no message of a tail is passed over. */
function eventsOf(text: string): readonly string[] {
  const parsed = tailMessage.safeParse(JSON.parse(text));
  const streams = parsed.data?.streams ?? [];
  return streams.flatMap(({ stream, values }) =>
    values.map(([ns, line]) => `data: ${JSON.stringify(foundEntryOf({ ns, line, labels: stream }))}\n\n`),
  );
}
