import { once } from 'node:events';
import { SightlineError } from '../../telemetry/errors.ts';
import { createApp } from './app.ts';
import { settingsFrom } from './environment.ts';

/** Milliseconds that open requests get to finish after SIGTERM. */
const closeTimeoutMs = 3000;

async function main(): Promise<void> {
  const settings = settingsFrom(process.env);
  const app = await createApp(settings);
  const server = app.listen(settings.port, settings.host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new SightlineError('SL1617', {
      what: `cannot listen on ${settings.host}:${settings.port}`,
      where: 'PORT, HOST',
      fix: 'stop what uses the port, or set PORT to another one',
      cause,
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  console.log(`preview listens on http://${settings.host}:${port}`);
  const stop = (): void => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), closeTimeoutMs).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof SightlineError ? error.message : error);
  process.exit(1);
}
