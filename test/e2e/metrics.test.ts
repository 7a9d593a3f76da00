import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Statistics } from '../../services/traffic-generator/statistics.ts';
import { metrics } from '../../telemetry/contract/metrics.ts';
import { emitterNames } from '../../telemetry/contract/pipeline.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

type Sent = ReturnType<Statistics['snapshot']>;

/** What only damage, a Loki that refuses, or Kafka brings forth: `npm run chaos` and test/binaries do. */
const ofTrouble: ReadonlySet<string> = new Set([
  'log_events_received_total log-ingestor',
  'log_events_errors_total log-ingestor',
  'log_push_retries_total log-ingestor',
  'log_queue_damaged_batches_total log-ingestor',
  'log_queue_progress_damages_total log-ingestor',
  'log_stream_overflows_total log-ingestor',
  'log_service_overflows_total log-ingestor',
  'log_queue_missing_replicas log-gateway',
  'log_queue_partitions log-ingestor',
]);

describe('metrics', () => {
  const stack = new StackClient(inject('stack'));

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
  });

  /** A request without a key, and an entry that is none. */
  const refusedByTheGateway = async (): Promise<void> => {
    const { stdout } = await stack.cli([
      'keys',
      'create',
      '--name=metrics',
      '--scope=write',
      '--organization=metrics',
    ]);
    const send = (authorization: string) =>
      fetch(stack.url('log-gateway', '/api/v1/logs'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: '[{"level": "info"}]',
      });
    expect((await send('Bearer nobody')).status).toBe(401);
    expect((await send(`Bearer ${stdout.trim()}`)).status).toBe(400);
  };

  it('come from the five services, the log pipeline and from the stack itself', async () => {
    const expected = [...emitterNames, 'prometheus', 'alertmanager', 'loki', 'promtail', 'node-exporter'];
    await waitFor('every target to be up', async () => {
      const up = await stack.prometheus('up == 1');
      const services = up.map(({ metric }) => metric.service ?? '');
      return expected.every((name) => services.includes(name)) ? true : undefined;
    });
  });

  it('carry the same target labels everywhere', async () => {
    for (const { metric } of await stack.prometheus('up'))
      expect(Object.keys(metric).sort()).toEqual(
        [
          '__name__',
          'cluster',
          'container',
          'environment',
          'instance',
          'job',
          'namespace',
          'pod',
          'service',
        ].sort(),
      );
  });

  it('exist for every metric of the contract and each service that declares it, with samples', async () => {
    // What only trouble brings forth.
    for (const kind of ['websocket-drop', 'event-publish', 'database'])
      expect((await stack.cli(['fault', 'backend-api', kind, '--rate', '0.3', '--for', '20s'])).code).toBe(0);
    const names = Object.entries(metrics).flatMap(([name, { type, services }]) =>
      services
        .filter((service) => !ofTrouble.has(`${name} ${service}`))
        .map((service) => ({ name: type === 'histogram' ? `${name}_count` : name, type, service })),
    );
    await refusedByTheGateway();
    const missing = async (): Promise<string[]> => {
      const absent: string[] = [];
      for (const { name, service, type } of names) {
        // A counter or histogram that never moved was never recorded: it is only a promise.
        const query =
          type === 'gauge' ? `${name}{service="${service}"}` : `${name}{service="${service}"} > 0`;
        if ((await stack.prometheus(query)).length === 0) absent.push(`${service}: ${name}`);
      }
      return absent;
    };
    let last: string[] = [];
    await waitFor(
      'samples of every metric',
      async () => {
        last = await missing();
        return last.length === 0 ? true : undefined;
      },
      120_000,
    ).catch(() => undefined);
    expect(last).toEqual([]);
  }, 240_000);

  it('carry exemplars whose traces are found in the logs', async () => {
    const url = stack.url(
      'prometheus',
      `/api/v1/query_exemplars?query=${encodeURIComponent('http_server_request_duration_seconds_bucket{service="backend-api"}')}&start=${Math.floor(Date.now() / 1000) - 600}&end=${Math.ceil(Date.now() / 1000)}`,
    );
    const traceId = await waitFor('an exemplar', async () => {
      const { data } = await stack.json<{ data: { exemplars: { labels: { trace_id?: string } }[] }[] }>(url);
      return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id)).find(Boolean);
    });
    await waitFor(`log lines of trace ${traceId}`, async () => {
      const lines = await stack.loki(`{service="backend-api"} | trace_id="${traceId}"`);
      return lines.length > 0 ? lines : undefined;
    });
  });

  it('count what the traffic generator sent, within 5 %', async () => {
    await stack.cli(['fault', '--clear']);
    const windowSeconds = 60;
    const generator = async (): Promise<number> => {
      const { requests } = await stack.json<Sent>(stack.url('trafficGenerator', '/stats'));
      return requests
        .filter(({ service, status }) => service === 'backend-api' && status !== 'none')
        .reduce((sum, { count }) => sum + count, 0);
    };
    const start = { at: Date.now(), count: await generator() };
    await waitFor(
      `${windowSeconds} s of traffic`,
      () => (Date.now() - start.at > windowSeconds * 1000 ? true : undefined),
      (windowSeconds + 30) * 1000,
    );
    const elapsed = (Date.now() - start.at) / 1000;
    const sentPerSecond = ((await generator()) - start.count) / elapsed;
    // recurring-task is the only other caller, and over Dapr the sidecar, which delivers events; neither is the generator.
    const [rate] = await stack.prometheus(
      `sum(rate(http_server_request_duration_seconds_count{service="backend-api", http_route!~"/health|/ready|/metrics|/updates|/dapr/subscribe|/events/:topic"}[${windowSeconds}s]))
       - sum(rate(recurring_task_creation_duration_seconds_count[${windowSeconds}s]))`,
    );
    expect(sentPerSecond).toBeGreaterThan(1);
    expect(Math.abs((rate?.value ?? 0) / sentPerSecond - 1)).toBeLessThan(0.05);
  }, 180_000);
});
