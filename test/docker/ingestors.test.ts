import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { logSender, sentLines } from './log-sender.ts';
import { whyNoContainers } from './podman-service.ts';
import { type RunningContainers, runDump } from './running-containers.ts';

/** The image of the broker is made of this machine's Java. */
const reason = await whyNoContainers('java', 'dirname');
const count = 3;

describe(`${count} ingestors in containers, with a broker between them and the gateway`, { retry: 0 }, () => {
  let made: RunningContainers | undefined;
  beforeAll(async () => {
    if (reason === undefined) made = await runDump(count);
  });
  afterAll(() => made?.stop());

  it('share the partitions; one is killed under load, and nothing that was accepted is lost', async (context) => {
    if (reason !== undefined || made === undefined) return context.skip(reason);
    const { api, client, running } = made;
    expect(running).toContain('sightline-kafka-1');
    const shares = async (): Promise<readonly number[]> =>
      (await client.prometheus('log_queue_partitions > 0')).map(({ value }) => value);
    const before = await waitFor('each ingestor to have a share', async () => {
      const found = await shares();
      return found.length === count ? found : undefined;
    });
    const send = await logSender(api, client, 'acme');
    const mark = randomBytes(6).toString('hex');
    const accepted: string[] = [];
    for (let batch = 0; batch < 60; batch += 1) {
      if (batch === 20) await api.killContainer(`sightline-log-ingestor-${count}`);
      const messages = Array.from({ length: 50 }, (_, index) => `${mark} ${batch}-${index}.`);
      const { status, text } = await send(messages);
      expect(status, text).toBe(202);
      expect(JSON.parse(text)).toMatchObject({ durability: 'replicated' });
      accepted.push(...messages);
    }
    const lines = await waitFor(
      'every line in Loki',
      async () => {
        const found = (await sentLines(client, 'acme')).map(({ line }) => line);
        return accepted.every((message) => found.some((line) => line.includes(message))) ? found : undefined;
      },
      240_000,
    );
    console.log(
      `partitions ${before.join(' + ')}; ${accepted.length} accepted, one ingestor killed, ${lines.length} in Loki, 0 lost`,
    );
  }, 400_000);

  it('the exporter beside the broker tells that its readers are not behind', async (context) => {
    if (reason !== undefined || made === undefined) return context.skip(reason);
    const { client } = made;
    // What the canary sent within the seconds that the ingestors collect; of the load it was sixty batches.
    await waitFor('the lag of the canary alone', async () => {
      const [lag] = await client.prometheus(
        'sum(kafka_consumergroup_lag{consumergroup="log-ingestor", topic="log-queue"})',
      );
      expect(lag?.value).toBeLessThan(20);
      return true;
    });
  });
});
