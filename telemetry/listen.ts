import { once } from 'node:events';
import type { Server } from 'node:http';
import { type ErrorCode, SightlineError } from './errors.ts';

/** Connections that may wait to be taken; Node's 511 turns the rest of a burst away. The system may allow fewer. */
const backlog = 4096;

/**
 * Opens the port and gives it: the system's choice when `PORT` is 0.
 * @throws SightlineError of the given code when it cannot be had
 */
export async function listen(
  server: Server,
  { HOST, PORT }: { readonly HOST: string; readonly PORT: number },
  code: ErrorCode,
): Promise<number> {
  try {
    server.listen({ port: PORT, host: HOST, backlog });
    await once(server, 'listening');
  } catch (cause) {
    throw new SightlineError(code, {
      what: `cannot listen: ${reasonOf(cause)}`,
      where: `${HOST}:${PORT}`,
      fix: 'stop what uses the port, or set PORT to another',
      cause,
    });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : PORT;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
}
