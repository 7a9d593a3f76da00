import type { Server } from 'node:http';

export interface Stoppable {
  /** Beside the draining of requests: what holds connections open or takes in work. */
  quiesce?(): Promise<void> | void;
  /** Last, when no request is in hand. */
  close?(): Promise<void> | void;
}

/** What the signal does in a process of its own, within this one and without waiting for idle connections. */
export async function stopServer(server: Server, parts: Stoppable): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await parts.quiesce?.();
  server.closeAllConnections();
  await closed;
  await parts.close?.();
}
