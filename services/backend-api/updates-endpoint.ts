import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RequestHandler, Router } from 'express';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Trace } from '../../telemetry/instrument/tracing.ts';
import type { Tokens } from '../kit/tokens.ts';
import { bearerToken } from './authentication.ts';
import type { UpdatesHub } from './updates-hub.ts';

/** Browsers cannot set headers on a WebSocket: they offer `sightline.v1` and `bearer.<token>` as protocols. */
const protocol = 'sightline.v1';
const tokenProtocol = /^bearer\.([A-Za-z0-9._-]{1,4096})$/;
/** Bytes of a message from a client; they have nothing long to say. */
const maxPayload = 4096;
const maxConnections = 2000;
const maxConnectionsPerUser = 50;

const resumeSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export interface UpdatesEndpointOptions {
  readonly hub: UpdatesHub;
  readonly tokens: Tokens;
  readonly trace: Trace;
}

/** A plain GET of the WebSocket's address is told to upgrade. */
export function updatesRoute(guard: readonly RequestHandler[]): Router {
  const router = Router();
  router.get('/updates', ...guard, (_request, response) => {
    response.status(426).set('Upgrade', 'websocket').json({ status: 426, title: 'Upgrade Required' });
  });
  return router;
}

/** Serves `/updates` on the server. */
export function attachUpdates(server: Server, options: UpdatesEndpointOptions): void {
  const { hub, tokens, trace } = options;
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/updates') return refuse(socket, '404 Not Found');
    const token = bearerToken(request.headers.authorization) ?? offeredToken(request);
    const identity = token === undefined ? undefined : await tokens.verify(token);
    if (identity?.kind !== 'user') return refuse(socket, '401 Unauthorized');
    const resume = resumeSchema.optional().safeParse(url.searchParams.get('resume') ?? undefined);
    if (!resume.success) return refuse(socket, '400 Bad Request');
    if (hub.size >= maxConnections || hub.connectionsOf(identity.name) >= maxConnectionsPerUser) {
      return refuse(socket, '429 Too Many Requests');
    }
    upgrader.handleUpgrade(request, socket, head, (client) => {
      void hub.welcome(identity.name, client, resume.data);
    });
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const carrier = {
      traceparent: single(request.headers.traceparent),
      requestId: single(request.headers['x-request-id']),
    };
    void trace
      .run(carrier, 'GET /updates', 'server', () => upgrade(request, socket, head))
      .catch(() => socket.destroy());
  });
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function offeredToken(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  return offered.map((text) => tokenProtocol.exec(text)?.[1]).find((token) => token !== undefined);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
