import { createServer } from 'node:http';
import { batched } from '../../telemetry/instrument/log-destination.ts';
import { createLogSystem, levelFrom } from '../../telemetry/instrument/logger.ts';
import { listen } from '../../telemetry/listen.ts';
import { createInbox } from './app.ts';
import { DeadmanSwitch } from './deadman-switch.ts';
import { readInboxEnvironment } from './environment.ts';
import { reporter } from './report-deadman.ts';
import { InboxStore } from './store.ts';

/** Long enough for a slow sender, short enough that a stuck one is let go. */
const requestTimeoutMs = 15_000;

/** What the dead man's switch says comes at most so much later than it could. */
const longestBetweenLooksMs = 5000;

const logs = createLogSystem(levelFrom(process.env), batched());
const log = logs.logger('alerts.inbox');

async function main(): Promise<void> {
  const environment = readInboxEnvironment(process.env);
  const store = new InboxStore(environment.DATA_DIR);
  const silenceMs = environment.HEARTBEAT_SILENCE * 1000;
  const deadman = new DeadmanSwitch({
    store,
    expected: environment.HEARTBEAT_EXPECTED === 'yes',
    silenceMs,
    graceMs: environment.HEARTBEAT_GRACE * 1000,
    report: reporter({ store, log, webhookFile: environment.DEADMAN_WEBHOOK_URL_FILE }),
  });
  const server = createServer({ requestTimeout: requestTimeoutMs }, createInbox({ store, deadman }));
  const port = await listen(server, environment, 'SL1512');
  log.info(`Listening on http://${environment.HOST}:${port}`);
  const looking = setInterval(() => deadman.look(), Math.min(silenceMs / 10, longestBetweenLooksMs));
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log.info('Stopping', { reason: signal });
      clearInterval(looking);
      server.close(() => store.close());
      server.closeIdleConnections();
    });
}

try {
  await main();
} catch (error) {
  log.critical(error instanceof Error ? error.message : String(error), { error });
  logs.flush();
  process.exitCode = 1;
}
