import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { listenVariables, readVariables } from '../../telemetry/environment.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { runLogged } from '../../telemetry/instrument/run-logged.ts';
import { listen } from '../../telemetry/listen.ts';
import { readPipelineConfig } from '../pipeline/config/read-config.ts';
import { connectionOf } from '../pipeline/queue/kafka/connection.ts';
import { kafkaExporter } from './exporter.ts';
import { KafkaReader } from './kafka-reader.ts';

/** Prometheus gives up after ten seconds. */
const deadlineMs = 8000;

const variables = {
  ...listenVariables(componentPorts.kafkaExporter),
  // Prometheus takes 20000 series of one target.
  KAFKA_EXPORTER_MAX_SERIES: {
    schema: z.coerce.number().int().min(10).max(1_000_000).default(15_000),
    expected: 'a whole number, 10 to 1000000',
  },
} as const;

await runLogged('kafka.exporter', async (log) => {
  const settings = readVariables(variables, process.env, { name: 'the Kafka exporter', code: 'SL1701' });
  const { kafka } = readPipelineConfig({ env: process.env });
  if (kafka.brokers.length === 0) {
    throw new SightlineError('SL1709', {
      what: 'kafka.brokers is empty, so there is nothing to look at',
      where: 'the environment of the Kafka exporter',
      fix: 'set KAFKA_BROKERS to host:port of some brokers, with commas between them',
    });
  }
  const reader = new KafkaReader(connectionOf(kafka, 'kafka-exporter'), deadlineMs);
  const server = kafkaExporter({
    read: () => reader.read(),
    maxSeries: settings.KAFKA_EXPORTER_MAX_SERIES,
    onTrouble(reason) {
      if (reason === undefined) log.info('The brokers answer again');
      else log.error('The brokers cannot be asked', { reason });
    },
    onOmitted: (series) => log.warning('There is no room for all series', { series }),
  });
  const port = await listen(server, settings, 'SL1703');
  log.info('Looking at Kafka', { port, brokers: kafka.brokers.join(',') });
  return () => {
    server.close();
    server.closeAllConnections();
    void reader.close().catch(() => undefined);
  };
});
