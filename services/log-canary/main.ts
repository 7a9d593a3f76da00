import { createServer } from 'node:http';
import { SightlineError } from '../../telemetry/errors.ts';
import { createInstrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { listen } from '../../telemetry/listen.ts';
import { Canary } from './canary.ts';
import { ensureCanaryKey } from './canary-key.ts';
import { gatewayClient } from './gateway-client.ts';
import { readCanarySettings } from './settings.ts';

try {
  const settings = readCanarySettings(process.env);
  const { LOG_CANARY_KEYS_FILE: keysFile, LOG_CANARY_KEY_FILE: keyFile } = settings;
  if (keysFile !== undefined) ensureCanaryKey(keysFile, keyFile);
  const instrumentation = createInstrumentation({ service: 'log-canary' });
  const { metrics } = instrumentation;
  const log = instrumentation.logger('canary');
  const lines = metrics.counter('log_canary_lines_total');
  const canary = new Canary({
    pipeline: gatewayClient(settings.LOG_GATEWAY_URL, keyFile, instrumentation.fetch),
    intervalMs: settings.LOG_CANARY_INTERVAL * 1000,
    deadlineMs: settings.LOG_CANARY_DEADLINE * 1000,
    onVerdict(canary_verdict) {
      lines.inc({ canary_verdict });
      if (canary_verdict === 'missing') log.error('An acknowledged line was overtaken and is not found');
    },
    onFound: (delayMs) => metrics.histogram('log_canary_delay_seconds').observe(delayMs / 1000),
    onWaiting(waiting, oldestSeconds) {
      metrics.gauge('log_canary_waiting_lines').set(waiting);
      metrics.gauge('log_canary_oldest_waiting_seconds').set(oldestSeconds);
    },
    onTrouble: (doing, error) =>
      log.warning(doing === 'send' ? 'A line was not taken' : 'The lines could not be looked for', { error }),
  });
  // Health and metrics, which the listener answers by itself, are all that it serves.
  const server = createServer(
    instrumentation.listener((_request, response) => response.writeHead(404).end()),
  );
  const port = await listen(server, settings, 'SL1703');
  instrumentation.logger('service').info('service started', { port });
  canary.start();
  instrumentation.shutdown(server, [], { onStop: [() => canary.stop()] });
} catch (error) {
  process.stderr.write(`${error instanceof SightlineError ? error.message : String(error)}\n`);
  process.exit(1);
}
