import { createServer } from 'node:http';
import { runLogged } from '../../telemetry/instrument/run-logged.ts';
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

await runLogged('alerts.inbox', async (log) => {
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
  return () => {
    clearInterval(looking);
    server.close(() => store.close());
    server.closeIdleConnections();
  };
});
