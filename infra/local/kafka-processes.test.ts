import { expect, test } from 'vitest';
import { planLocal } from './plan.ts';
import { localPorts } from './ports.ts';
import { startOrder, stopOrder } from './supervisor/plan-order.ts';

const options = { portOffset: 100, stateDir: '/state', env: {}, timeScale: 1 } as const;
const ports = localPorts(100);
const { processes, files } = await planLocal({ ...options, with: ['dapr', 'kafka'] });
const names = startOrder(processes).map(({ name }) => name);

test('the broker is formatted once, on the data in the state directory', () => {
  const broker = processes.find(({ name }) => name === 'kafka');
  if (broker === undefined || !('tool' in broker.run)) throw new Error('there is no broker');
  expect(broker.run.prepare?.args).toContain('/state/config/kafka/server.properties');
  expect(broker.run.prepare?.unless).toBe('/state/data/kafka/topics/meta.properties');
  const properties = files.get('config/kafka/server.properties');
  expect(properties).toContain(`advertised.listeners=CLIENTS://127.0.0.1:${ports.kafka}\n`);
  expect(properties).toContain('log.dirs=/state/data/kafka/topics\n');
  expect(files.get('config/kafka/log4j2.properties')).toContain('"level":"%p"');
});

test('who reads and writes starts after it, and ends before it', () => {
  const before = (earlier: string, later: string) =>
    expect(names.indexOf(earlier), `${earlier} before ${later}`).toBeLessThan(names.indexOf(later));
  before('kafka', 'kafka-exporter');
  before('kafka', 'audit-dapr');
  const ended = stopOrder(processes).find(({ spec }) => spec.name === 'kafka')?.endsFirst;
  expect(ended).toEqual(
    expect.arrayContaining(['log-gateway', 'log-ingestor', 'audit-dapr', 'kafka-exporter']),
  );
});

test('the log pipeline queues in it, and Prometheus asks the exporter', async () => {
  const broker = `127.0.0.1:${ports.kafka}`;
  expect(files.get('config/log-pipeline.yaml')).toContain(broker);
  expect(files.get('config/prometheus.yml')).toContain(`127.0.0.1:${ports.kafkaExporter}`);
  const without = await planLocal(options);
  expect(without.processes.some(({ name }) => name.startsWith('kafka'))).toBe(false);
  expect(without.files.get('config/log-pipeline.yaml')).not.toContain(broker);
});
