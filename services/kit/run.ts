import { createServer, type Server } from 'node:http';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { listen } from '../../telemetry/listen.ts';
import { type BuildService, createService, type Service, type ServiceOptions } from './service.ts';
import { stopServer } from './stop-server.ts';

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
    const { server, port } = await serve(service);
    await service.start();
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
  const { server, port } = await serve(service);
  await service.start();
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => stopServer(server, service),
  };
}

/** The server, and the port that it got. */
async function serve(service: Service<ServiceName>): Promise<{ server: Server; port: number }> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, service.listener);
  service.attach(server);
  return { server, port: await listen(server, service.env, 'SL1703') };
}
