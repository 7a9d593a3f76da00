import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { kafkaExporter } from '../../../services/kafka-exporter/exporter.ts';
import { KafkaReader } from '../../../services/kafka-exporter/kafka-reader.ts';
import { listen } from '../../../telemetry/listen.ts';
import { brokerEnvironment, formatArguments, serverArguments } from '../../local/kafka/broker-command.ts';
import { freePorts } from '../../local/pick-ports.ts';
import { probeKafka } from '../../local/supervisor/kafka-probe.ts';
import { renderKafkaLogging, renderKafkaProperties } from '../../render/kafka.ts';
import { scrape, settled } from '../look.ts';
import type { Workbench } from '../workbench.ts';
import { at } from './from-plan.ts';
import type { Verifier } from './verifier.ts';

const host = '127.0.0.1';
const timeoutMs = 5_000;
/** A broker that has just started takes its time. */
const patienceMs = 30_000;

/** A broker of the local stack, and our exporter beside it; a group has committed to a topic. */
export const kafka: Verifier = {
  tools: ['kafka'],
  observe: async (bench, metrics) => {
    const connection = {
      clientId: 'verify-catalogue',
      bootstrapBrokers: [`${host}:${await startBroker(bench)}`],
    };
    await commitSomething(
      bench,
      new Admin({ ...connection, timeout: patienceMs, requestTimeout: patienceMs }),
    );
    const reader = new KafkaReader(connection, timeoutMs);
    const ignore = (): void => undefined;
    const server = kafkaExporter({
      read: () => reader.read(),
      maxSeries: 100,
      onTrouble: ignore,
      onOmitted: ignore,
    });
    try {
      const port = await listen(server, { HOST: host, PORT: 0 }, 'SL1805');
      return await settled(bench, metrics, () => scrape(at(port, '/metrics')));
    } finally {
      server.closeAllConnections();
      server.close();
      await reader.close();
    }
  },
};

async function startBroker(bench: Workbench): Promise<number> {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const properties = join(bench.directory, 'server.properties');
  const loggingFile = join(bench.directory, 'log4j2.properties');
  const self = { host, port };
  const dataDir = join(bench.directory, 'data');
  await writeFile(
    properties,
    renderKafkaProperties({ dataDir, listen: self, advertised: self, controllerPort }),
  );
  await writeFile(loggingFile, renderKafkaLogging());
  const env = brokerEnvironment({ loggingFile, logDir: bench.directory });
  await bench.run('kafka', formatArguments(properties), env);
  bench.start('kafka', serverArguments(properties), env);
  await bench.until('the broker to be part of its cluster', async () => {
    await probeKafka(host, port, timeoutMs);
    return true;
  });
  return port;
}

async function commitSomething(bench: Workbench, admin: Admin): Promise<void> {
  const name = 'probe-events';
  try {
    await bench.until('a topic', async () => {
      if ((await admin.listTopics()).includes(name)) return true;
      await admin.createTopics({ topics: [name], partitions: 1, replicas: 1 });
      return undefined;
    });
    await bench.until('a commit', async () => {
      const partitionOffsets = [{ partition: 0, offset: 0n }];
      await admin.alterConsumerGroupOffsets({ groupId: 'probe', topics: [{ name, partitionOffsets }] });
      return true;
    });
  } finally {
    await admin.close();
  }
}
