import type { Request, Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Upgrade, upgradeOf } from '../../pipeline/upgrades.ts';
import type { FoundEntry } from './found-entry.ts';

/** Where the entries of a tail go. */
export interface TailSink {
  /** The tail has begun: entries may come. */
  begin(): void;
  entry(entry: FoundEntry): void;
  /** A sign of life. */
  alive(): void;
  /** Bytes that the client has not taken yet. */
  behind(): number;
  end(): void;
}

/** A client says nothing, but for what the protocol wants. */
const maxClientMessageBytes = 1024;
/** Milliseconds that a client has to close its side. */
const closeMs = 2000;
const goingAway = 1001;

const webSockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: maxClientMessageBytes,
});

/** Server-sent events, or a WebSocket where the request asks for one. @param gone called once the client is away */
export function tailSink(request: Request, response: Response, gone: () => void): TailSink {
  const upgrade = upgradeOf(request);
  response.on('close', gone);
  return upgrade === undefined ? eventStream(response) : webSocket(request, upgrade, gone);
}

function eventStream(response: Response): TailSink {
  return {
    begin() {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(': from now on\n\n');
    },
    entry: (entry) => response.write(`data: ${JSON.stringify(entry)}\n\n`),
    alive: () => response.write(': still here\n\n'),
    behind: () => response.writableLength,
    end: () => response.end(),
  };
}

/** One message an entry. */
function webSocket(request: Request, upgrade: Upgrade, gone: () => void): TailSink {
  let client: WebSocket | undefined;
  return {
    begin() {
      const ended = upgrade.take();
      upgrade.socket.once('close', () => {
        ended();
        gone();
      });
      webSockets.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
        socket.on('error', gone);
        client = socket;
      });
    },
    entry: (entry) => client?.send(JSON.stringify(entry)),
    alive: () => client?.ping(),
    behind: () => client?.bufferedAmount ?? 0,
    end() {
      client?.close(goingAway);
      setTimeout(() => client?.terminate(), closeMs).unref();
    },
  };
}
