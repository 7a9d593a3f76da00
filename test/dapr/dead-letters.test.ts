import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { localPaths } from '../../infra/local/files.ts';
import { deadLetterTopicOf } from '../../telemetry/contract/events.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';
import { brokerOf } from './broker.ts';

describe('an event that a service gives up on', () => {
  const shared = inject('stack');
  const stack = new StackClient(shared);

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
    await stack.cli(['dead-letters', 'discard', 'all']);
  });

  it('is in the dead-letter topic of the service too', async ({ skip }) => {
    skip(brokerOf(shared) === 'kafka', 'the topic is read from Redis; over Kafka the sidecar does the same');
    const password = await readFile(join(shared.stateDir, localPaths.secrets, 'REDIS_PASSWORD'), 'utf8');
    const redis = createClient({ url: stack.url('redis').replace('http:', 'redis:'), password });
    await redis.connect();
    try {
      const topic = deadLetterTopicOf('audit');
      const before = await redis.xLen(topic);
      expect(
        (await stack.cli(['fault', 'backend-api', 'poison-event', '--rate', '1', '--for', '10s'])).code,
      ).toBe(0);
      await waitFor('a copy in the topic', async () =>
        (await redis.xLen(topic)) > before ? true : undefined,
      );
      const newest = await redis.xRevRange(topic, '+', '-', { COUNT: 1 });
      const event = JSON.parse(newest?.[0]?.message.data ?? '{}');
      const { stdout } = await stack.cli(['dead-letters', 'list', '--json', '--limit', '1000']);
      const kept = (JSON.parse(stdout) as { subscriber: string; body: string }[])
        .filter(({ subscriber }) => subscriber === 'audit')
        .map(({ body }) => JSON.parse(body).id);
      expect(kept).toContain(event.id);
    } finally {
      redis.destroy();
    }
  }, 120_000);
});
