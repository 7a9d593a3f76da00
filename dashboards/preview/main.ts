import { createServer } from 'node:http';
import { batched } from '../../telemetry/instrument/log-destination.ts';
import { createLogSystem, levelFrom } from '../../telemetry/instrument/logger.ts';
import { listen } from '../../telemetry/listen.ts';
import { createApp } from './app.ts';
import { settingsFrom } from './environment.ts';
import { eventsOf } from './events.ts';
import { sourceOf } from './repository.ts';

/** Milliseconds in which a client must have sent its whole request. */
const requestTimeoutMs = 15_000;
/** Bytes of a request's line and headers: room for the longest query that is passed on, with every character escaped. */
const maxHeaderSize = 64 * 1024;
/** Milliseconds that open requests get to finish after SIGTERM. */
const closeTimeoutMs = 3000;

const logs = createLogSystem(levelFrom(process.env), batched());
const log = logs.logger('dashboards.preview');

async function main(): Promise<void> {
  const settings = settingsFrom(process.env);
  const source = sourceOf(settings);
  const events = eventsOf(source);
  const app = await createApp({ settings, source, events, log });
  const server = createServer({ requestTimeout: requestTimeoutMs, maxHeaderSize }, app);
  const port = await listen(server, { HOST: settings.host, PORT: settings.port }, 'SL1617');
  log.info(`Listening on http://${settings.host}:${port}`);
  const stop = (): void => {
    server.close(() => process.exit(0));
    source.close();
    events.close();
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), closeTimeoutMs).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  log.critical(error instanceof Error ? error.message : String(error), { error });
  process.exit(1);
}
