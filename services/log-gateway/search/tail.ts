import type { Request, Response } from 'express';
import WebSocket from 'ws';
import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { lokiAuthorization } from '../../pipeline/loki/authorization.ts';
import { type FoundEntry, foundEntryOf } from './found-entry.ts';
import { tailSink } from './tail-sinks.ts';

/** A client that is so many bytes behind is cut off: its entries would pile up here. */
const maxBehindBytes = 1_000_000;
const usualHeartbeatMs = 15_000;
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
  /** Of basic authentication. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Tails that may be open; one caller may have half of them. */
  readonly most: number;
  /** Milliseconds after which a sign of life is sent and the caller's right is looked at again. */
  readonly heartbeatMs?: number;
}

/** Who follows, and whether that is still allowed. */
interface Follower {
  readonly id: string;
  readonly mayFollow: () => Promise<boolean>;
}

export interface Followed {
  readonly follower: Follower;
  readonly organization: string;
  readonly logql: string;
}

/** Passes new entries on as they come, as server-sent events or messages of a WebSocket. */
export class Tails {
  readonly #options: TailsOptions;
  /** How to end each, and whose it is. */
  readonly #open = new Map<() => void, string>();

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** @throws HttpProblem 429 where too many are open, 502 where Loki does not let one begin */
  async follow(request: Request, response: Response, followed: Followed): Promise<void> {
    const { follower, organization, logql } = followed;
    const { most, heartbeatMs = usualHeartbeatMs } = this.#options;
    const own = [...this.#open.values()].filter((id) => id === follower.id).length;
    if (this.#open.size >= most || own >= Math.ceil(most / 2)) {
      throw new HttpProblem(429, 'Too many tails are open', { retry_after: 30 });
    }
    const socket = this.#connect(organization, logql);
    let hasBegun = false;
    const close = (): void => {
      if (!this.#open.delete(close)) return;
      clearInterval(heartbeat);
      socket.terminate();
      if (hasBegun) sink.end();
    };
    const sink = tailSink(request, response, close);
    const heartbeat = setInterval(() => {
      follower.mayFollow().then((may) => {
        if (!may) close();
        else if (this.#open.has(close) && hasBegun) sink.alive();
      }, close);
    }, heartbeatMs);
    this.#open.set(close, follower.id);
    const isThere = await opened(socket);
    if (!isThere || !this.#open.has(close)) {
      this.#open.delete(close);
      clearInterval(heartbeat);
      if (response.destroyed) return;
      throw new HttpProblem(502, 'The store of logs does not answer');
    }
    sink.begin();
    hasBegun = true;
    socket.on('message', (data) => {
      for (const entry of entriesOf(String(data))) sink.entry(entry);
      if (sink.behind() > maxBehindBytes) close();
    });
    socket.on('error', close);
    socket.on('close', close);
    socket.resume();
  }

  /** Ends all of them. */
  stop(): void {
    for (const close of [...this.#open.keys()]) close();
  }

  #connect(organization: string, logql: string): WebSocket {
    const url = new URL('/loki/api/v1/tail', this.#options.lokiUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ query: logql, limit: '10' }).toString();
    return new WebSocket(url, {
      headers: { ...lokiAuthorization(this.#options), 'x-scope-orgid': organization },
      handshakeTimeout: 10_000,
      maxPayload: maxMessageBytes,
    });
  }
}

function opened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('open', () => {
      // What comes at once waits until somebody listens.
      socket.pause();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is no message of a tail is passed over. */
function entriesOf(text: string): readonly FoundEntry[] {
  const parsed = tailMessage.safeParse(jsonIn(text));
  const streams = parsed.data?.streams ?? [];
  return streams.flatMap(({ stream, values }) =>
    values.map(([ns, line]) => foundEntryOf({ ns, line, labels: stream })),
  );
}
