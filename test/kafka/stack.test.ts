import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import { grafanaPaths } from '../../infra/render/grafana/provisioning.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { startStack } from '../support/own-stack.ts';
import { answerTo, deployedDashboards, queriesOfDashboard } from '../support/panel-queries.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** Requests a second, whose events nobody reads while a reader is stopped. */
const trafficRate = 10;
const lagThreshold = 40;
/** Fifteen minutes of the alerts’ clock are 90 s; the rest is for a busy machine. */
const patienceMs = 600_000;
/** Each of two waits may take that long. */
const testMs = 2 * patienceMs + 60_000;

let stack: Awaited<ReturnType<typeof startStack>>;
let client: StackClient;

beforeAll(async () => {
  const local = await readFile(new URL('../../infra/environments/local.yaml', import.meta.url), 'utf8');
  const environment = local
    .replace(/^( {2}rate:) .*$/m, `$1 ${trafficRate}`)
    .replace('thresholds: {}', `thresholds: { kafka_lag_warning: ${lagThreshold} }`);
  stack = await startStack(environment, {}, ['dapr', 'kafka']);
  client = new StackClient(stack);
});
afterAll(async () => stack?.stop());

const ask: Ask = (source, path, parameters) =>
  client.json(client.url(source, `${path}?${new URLSearchParams(parameters)}`), {
    'X-Scope-OrgID': platformTenant,
  });

/** Alerts as Alertmanager has them, by name and consumer group. */
async function firing(): Promise<readonly string[]> {
  const alerts = await client.json<{ labels: Record<string, string> }[]>(
    client.url('alertmanager', '/api/v2/alerts?active=true'),
  );
  return alerts.map(({ labels }) => [labels.alertname, labels.consumergroup].filter(Boolean).join(' '));
}

const until = (what: string, holds: (names: readonly string[]) => boolean) =>
  waitFor(what, async () => (holds(await firing()) ? true : undefined), patienceMs);

async function fault(...args: string[]): Promise<void> {
  const { code, stderr } = await client.cli(['fault', ...args]);
  expect(code, stderr).toBe(0);
}

const lagOf = async (group: string): Promise<number> =>
  (await client.prometheus(`sum(kafka_consumergroup_lag{consumergroup="${group}"})`))[0]?.value ?? -1;

test('every panel of the Kafka dashboard has data', async () => {
  const dashboards = await deployedDashboards(join(stack.stateDir, grafanaPaths.dashboards));
  const kafka = dashboards.find(({ uid }) => uid === 'kafka');
  if (kafka === undefined) throw new Error('there is no dashboard of Kafka');
  const empty = await waitFor('no panel to be empty', async () => {
    const { panels } = await queriesOfDashboard(kafka, ask);
    const answers = await Promise.all(
      panels.map(async (panel) => ({ where: panel.where, ...(await answerTo(panel, ask)) })),
    );
    expect(answers.length).toBeGreaterThan(7);
    const without = answers.filter(({ values }) => values.length === 0).map(({ where }) => where);
    if (without.length > 0) throw new Error(without.join(', '));
    return without;
  });
  expect(empty).toEqual([]);
});

test(
  'a reader that has stopped raises both lag alerts, and they end when it has caught up',
  async () => {
    await waitFor('sync to have read something', async () => ((await lagOf('sync')) >= 0 ? true : undefined));
    await fault('sync-dapr', 'stop', '--for', '1h');
    await until(
      'the lag to be known',
      (names) => names.includes('KafkaConsumerLag sync') && names.includes('KafkaConsumerStuck sync'),
    );
    expect(await lagOf('sync')).toBeGreaterThan(lagThreshold);
    expect((await firing()).filter((name) => name.startsWith('Kafka'))).not.toContain(
      'KafkaConsumerLag audit',
    );
    await fault('sync-dapr', 'resume');
    await until('the lag alerts to end', (names) => !names.some((name) => name.startsWith('KafkaConsumer')));
    expect(await lagOf('sync')).toBeLessThan(lagThreshold);
  },
  testMs,
);

test(
  'a broker that is gone is missed, and comes back',
  async () => {
    await fault('kafka', 'stop', '--for', '1h');
    await until('the broker to be missed', (names) => names.includes('KafkaBrokersMissing'));
    expect(await client.prometheus('kafka_brokers')).toMatchObject([{ value: 0 }]);
    await fault('kafka', 'resume');
    await until('the broker to be back', (names) => !names.includes('KafkaBrokersMissing'));
  },
  testMs,
);

test('the broker’s log is in Loki, level and logger read', async () => {
  const lines = await client.loki('{service="kafka", level="INFO"}');
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.some(({ metadata }) => metadata.logger?.startsWith('kafka.'))).toBe(true);
});
