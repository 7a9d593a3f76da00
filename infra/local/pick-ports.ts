import { createServer, type Server } from 'node:net';
import { localPorts, maxPortOffset } from './ports.ts';

/** `count` loopback ports that nobody listens on, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const listen = (): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

/** An offset at which every port of the local stack is free now. */
export async function freePortOffset(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const offset = 2000 + Math.floor(Math.random() * (Math.min(maxPortOffset, 22_000) - 2000));
    const free = await Promise.all(Object.values(localPorts(offset)).map(isFree));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('no port offset with every port free in 50 attempts');
}

/** Whether nobody listens on a loopback port. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
