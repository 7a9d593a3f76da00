import { SightlineError } from '../../telemetry/errors.ts';
import { listen } from '../../telemetry/listen.ts';
import { log } from './log.ts';
import { statisticsServer } from './server.ts';
import { readTrafficSettings } from './settings.ts';
import { Traffic } from './traffic.ts';

const reportMs = 60_000;

try {
  const settings = readTrafficSettings(process.env);
  const traffic = new Traffic(settings);
  const server = statisticsServer(traffic.statistics);
  const stop = () => {
    traffic.stop();
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  await listen(server, settings, 'SL1703');
  process.once('SIGTERM', stop).once('SIGINT', stop);
  traffic.start();
  log('INFO', 'traffic started', { rate: settings.TRAFFIC_RATE, users: settings.TRAFFIC_USERS });
  setInterval(() => {
    const { total, answered, skipped, websockets } = traffic.statistics.snapshot();
    log('INFO', 'traffic so far', { total, answered, skipped, websockets });
  }, reportMs).unref();
} catch (error) {
  process.stderr.write(`${error instanceof SightlineError ? error.message : String(error)}\n`);
  process.exit(1);
}
