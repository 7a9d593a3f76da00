import { afterAll, describe, expect, inject, it } from 'vitest';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

describe('a poison event', () => {
  const stack = new StackClient(inject('stack'));

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
  });

  const sum = async (query: string): Promise<number> =>
    (await stack.prometheus(query)).reduce((total, { value }) => total + value, 0);

  it('ends in the dead letters, counted, while the others go on', async () => {
    const dead = 'sum(event_dead_letters{service="audit"})';
    const processed = 'sum(events_processed_total{service="audit", outcome="success"})';
    const before = await sum(dead);
    const injected = await stack.cli(['fault', 'backend-api', 'poison-event', '--rate', '1', '--for', '10s']);
    expect(injected.code).toBe(0);
    await waitFor('dead letters of audit', async () => ((await sum(dead)) > before ? true : undefined));
    const then = await sum(processed);
    await waitFor('audit to go on', async () => ((await sum(processed)) > then ? true : undefined));
    const [line] = await waitFor('a log line about it', async () => {
      const found = await stack.loki('{service="audit", container="audit", level="ERROR"} |= "dead"');
      return found.length > 0 ? found : undefined;
    });
    expect(JSON.parse(line?.line ?? '{}')).toMatchObject({ level: 'ERROR', topic: 'task-events' });
    expect(await sum('sum(events_processed_total{outcome="dead_letter"})')).toBeGreaterThan(0);

    const listed = await stack.cli(['dead-letters', 'list', '--json']);
    const letters = JSON.parse(listed.stdout) as { subscriber: string; topic: string }[];
    expect(letters).toContainEqual(expect.objectContaining({ subscriber: 'audit', topic: 'task-events' }));
    await waitFor('the fault to end', async () => {
      const { active } = JSON.parse((await stack.cli(['fault', '--list', '--json'])).stdout) as {
        active: unknown[];
      };
      return active.length === 0 ? true : undefined;
    });
    // On a busy machine the last of the events are delivered after the first are discarded.
    await waitFor('no dead letters', async () => {
      expect((await stack.cli(['dead-letters', 'discard', 'all'])).code).toBe(0);
      return (await sum('sum(event_dead_letters)')) === 0 ? true : undefined;
    });
  }, 180_000);
});
