import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { type BuildService, createService, type Service, type ServiceOptions } from './service.ts';

/** Milliseconds in which a client must have sent its whole request. */
const requestTimeoutMs = 30_000;

export interface RunningService {
  readonly url: string;
  /** What the signal does in a process of its own. */
  stop(): Promise<void>;
}

/** The entry of a service's process: runs until a signal comes. What is wrong is said on standard error. */
export async function runService<S extends ServiceName>(name: S, build: BuildService<S>): Promise<void> {
  try {
    const service = await createService(name, build, { env: process.env });
    const server = await listen(service);
    await service.start();
    const { port } = server.address() as AddressInfo;
    service.instrumentation.logger('service').info('service started', { port });
    service.instrumentation.shutdown(server, [() => service.close()], { onStop: [() => service.quiesce()] });
  } catch (error) {
    process.stderr.write(`${error instanceof SightlineError ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** The same within this process, and without signals: for tests. */
export async function startService<S extends ServiceName>(
  name: S,
  build: BuildService<S>,
  options: ServiceOptions,
): Promise<RunningService> {
  const service = await createService(name, build, options);
  const server = await listen(service);
  await service.start();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await service.quiesce();
      server.closeAllConnections();
      await closed;
      await service.close();
    },
  };
}

async function listen(service: Service<ServiceName>): Promise<Server> {
  const { HOST, PORT } = service.env;
  const server = createServer({ requestTimeout: requestTimeoutMs }, service.app);
  service.attach(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new SightlineError('SL1703', {
          what: `cannot listen: ${cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message}`,
          where: `${HOST}:${PORT}`,
          fix: 'stop what uses the port, or set PORT to another',
          cause,
        }),
      ),
    );
    server.listen(PORT, HOST, resolve);
  });
  return server;
}
