import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SightlineError } from '../../telemetry/errors.ts';
import { batched } from '../../telemetry/instrument/log-destination.ts';
import { createLogSystem, levelFrom } from '../../telemetry/instrument/logger.ts';
import { createInbox } from './app.ts';
import { readInboxEnvironment } from './environment.ts';
import { InboxStore } from './store.ts';

/** Long enough for a slow sender, short enough that a stuck one is let go. */
const requestTimeoutMs = 15_000;

const logs = createLogSystem(levelFrom(process.env), batched());
const log = logs.logger('alerts.inbox');

async function main(): Promise<void> {
  const environment = readInboxEnvironment(process.env);
  const store = new InboxStore(environment.DATA_DIR);
  const server = createInbox(store).listen(environment.PORT, environment.HOST);
  server.requestTimeout = requestTimeoutMs;
  await listening(server, environment.PORT);
  const { address, port } = server.address() as AddressInfo;
  log.info(`Listening on http://${address}:${port}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log.info('Stopping', { reason: signal });
      server.close(() => store.close());
      server.closeIdleConnections();
    });
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new SightlineError('SL1512', {
      what: cause instanceof Error ? cause.message : String(cause),
      where: `port ${port}`,
      fix: 'end what listens there, or set PORT to another port',
      cause,
    });
  }
}

try {
  await main();
} catch (error) {
  log.critical(error instanceof Error ? error.message : String(error), { error });
  logs.flush();
  process.exitCode = 1;
}
