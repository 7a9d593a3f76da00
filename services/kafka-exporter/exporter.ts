import { createServer, type Server } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import { kafkaMetrics } from '../../telemetry/catalogue/kafka.ts';
import { reasonOf } from '../pipeline/queue/kafka/connection.ts';
import type { KafkaState } from './read-kafka.ts';
import { type KafkaSample, samplesOf } from './samples.ts';

interface ExporterOptions {
  /** Rejects when the brokers do not answer. */
  readonly read: () => Promise<KafkaState>;
  readonly maxSeries: number;
  /** Said when it changes: the reason why the brokers are not reached, undefined when they are. */
  readonly onTrouble: (reason: string | undefined) => void;
  /** Said when it changes: how many series there was no room for. */
  readonly onOmitted: (series: number) => void;
}

interface Look {
  readonly samples: readonly KafkaSample[];
  readonly trouble: string | undefined;
}

/** Longer than a look may take. */
const requestTimeoutMs = 30_000;

/**
 * `GET /metrics` asks the brokers anew and answers whether or not they do; `/ready` says 503 while they do not;
 * `/health` says that this process lives.
 */
export function kafkaExporter(options: ExporterOptions): Server {
  const look = looks(options);
  return createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    request.resume();
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const json = (status: number, body: object): void =>
      answer(status, 'application/json', JSON.stringify(body));
    const metrics = async ({ samples }: Look): Promise<void> =>
      answer(200, Registry.PROMETHEUS_CONTENT_TYPE, await exposition(samples));
    const ready = ({ trouble }: Look): void =>
      trouble === undefined ? json(200, { status: 'ok' }) : json(503, { status: 'failing', reason: trouble });
    const failed = (error: unknown): void => json(500, { error: String(error) });
    if (request.method !== 'GET') json(405, { error: 'only GET is served' });
    else if (request.url === '/metrics') look().then(metrics).catch(failed);
    else if (request.url === '/ready') look().then(ready).catch(failed);
    else if (request.url === '/health') json(200, { status: 'ok' });
    else json(404, { error: 'there are /metrics, /health and /ready' });
  });
}

function looks({ read, maxSeries, onTrouble, onOmitted }: ExporterOptions): () => Promise<Look> {
  let lastTrouble: string | undefined;
  let lastOmitted = 0;
  return async () => {
    const state = await read().catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    const trouble = state instanceof Error ? reasonOf(state) : undefined;
    if (trouble !== lastTrouble) onTrouble(trouble);
    lastTrouble = trouble;
    const samples = samplesOf(state instanceof Error ? undefined : state, maxSeries);
    const omitted =
      samples.find(({ name }) => name === 'kafka_exporter_series_omitted')?.value ?? lastOmitted;
    if (omitted !== lastOmitted) onOmitted(omitted);
    lastOmitted = omitted;
    return { samples, trouble };
  };
}

async function exposition(samples: readonly KafkaSample[]): Promise<string> {
  const registry = new Registry();
  for (const [name, ofName] of Map.groupBy(samples, (sample) => sample.name)) {
    const { help, labels } = kafkaMetrics[name];
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const { labels: values, value } of ofName) gauge.set(values, value);
  }
  return registry.metrics();
}
