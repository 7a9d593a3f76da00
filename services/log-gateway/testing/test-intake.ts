import { afterAll, beforeAll } from 'vitest';
import { type Answer, type Sent, send, startTestGateway } from './test-gateway.ts';

/** One gateway for all tests of a file, with small limits, and a key that may write to it. */
export function testIntake() {
  const stops: (() => Promise<void>)[] = [];
  let running: Awaited<ReturnType<typeof startTestGateway>> | undefined;
  let key = '';
  let count = 0;

  beforeAll(async () => {
    running = await startTestGateway(
      { LIMITS_BODY_BYTES: '100000', LIMITS_DECOMPRESSED_BYTES: '200000' },
      (stop) => stops.push(stop),
    );
    key = running.key(['write']);
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  const gateway = () => {
    if (!running) throw new Error('the gateway runs from the first test on');
    return running;
  };
  return {
    gateway,
    /** A message that no other test sends. */
    fresh(): string {
      count += 1;
      return `message ${count}`;
    },
    post: (path: string, body: unknown, more: Sent = {}): Promise<Answer> =>
      send(gateway().url + path, { key, body: JSON.stringify(body), ...more }),
    async queuedOnes(...messages: readonly string[]) {
      const all = await gateway().queued();
      return messages.map((message) => all.find((entry) => entry.message === message));
    },
  };
}
