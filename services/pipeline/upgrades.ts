import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connection of a request that asks to become a WebSocket. */
export interface Upgrade {
  readonly socket: Socket;
  /** What the client sent already beyond the request. */
  readonly head: Buffer;
  /**
   * Takes the connection away from the response, whose time as a request ends when it is called back.
   * @returns what to call when the connection has ended
   */
  take(): () => void;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Undefined where the request asks for a usual answer. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => upgrades.get(request);

/** Requests of such a path, with or without a query, may become WebSockets; all others are what they are without it. */
export const mayUpgrade =
  (paths: readonly string[]) =>
  ({ url = '', method, headers }: IncomingMessage): boolean =>
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    paths.includes(url.split('?', 1)[0] ?? '');

/**
 * Requests to upgrade go the way of all others, with the same authentication, limits, metrics and problems; a handler
 * finds its connection by `upgradeOf`.
 */
export function acceptUpgrades(server: Server, listener: RequestListener): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.end());
    upgrades.set(request, {
      socket,
      head,
      take() {
        response.statusCode = 101;
        response.detachSocket(socket);
        return () => response.emit('close');
      },
    });
    listener(request, response);
  });
}
