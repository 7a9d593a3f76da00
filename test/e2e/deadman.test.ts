import { afterEach, describe, expect, inject, it } from 'vitest';
import type { HeartbeatStatus } from '../../cli/heartbeat.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

describe('the dead man’s switch of a running stack', () => {
  const stack = new StackClient(inject('stack'));
  const deadlineMs = 150_000;

  afterEach(async () => {
    await stack.cli(['fault', '--clear']);
  });

  const heartbeat = () => stack.json<HeartbeatStatus>(stack.url('inbox', '/api/heartbeat'));
  const state = async (wanted: HeartbeatStatus['deadman']['state']): Promise<HeartbeatStatus> =>
    waitFor(
      `the switch to be ${wanted}`,
      async () => {
        const status = await heartbeat();
        return status.deadman.state === wanted ? status : undefined;
      },
      deadlineMs,
    );
  const board = async (): Promise<string> => (await fetch(stack.url('inbox', '/board'))).text();
  const reports = async (): Promise<readonly string[]> => {
    const { messages } = await stack.json<{ messages: { message: { text: string } }[] }>(
      stack.url('inbox', '/api/messages?channel=heartbeat'),
    );
    return messages.map(({ message }) => message.text).toReversed();
  };

  it.each(['prometheus', 'alertmanager'])(
    'speaks when %s is down, and is quiet again when it is back',
    async (component) => {
      await state('beating');
      const before = (await reports()).length;
      expect(await board()).not.toContain('role="alert"');

      expect((await stack.cli(['fault', component, 'stop'])).code).toBe(0);
      const { deadman } = await state('silent');
      expect(Date.parse(deadman.silentSince ?? '')).toBeLessThanOrEqual(Date.now());
      expect(await board()).toMatch(/role="alert"><strong>No heartbeat: alerts may reach nobody/);
      expect((await stack.cli(['status'])).stdout).toContain('Heartbeat: LOST');
      const status = JSON.parse((await stack.cli(['status', '--json'])).stdout);
      expect(status.heartbeat.deadman.state).toBe('silent');

      expect((await stack.cli(['fault', component, 'resume'])).code).toBe(0);
      await state('beating');
      expect(await board()).not.toContain('role="alert"');
      expect((await reports()).slice(before)).toEqual([
        expect.stringContaining('No heartbeat since'),
        expect.stringContaining('The heartbeat is back'),
      ]);
    },
    400_000,
  );

  it('is quiet through a restart of the inbox', async () => {
    const { heartbeat: before } = await state('beating');
    const reported = (await reports()).length;
    expect((await stack.cli(['fault', 'inbox', 'stop'])).code).toBe(0);
    expect((await stack.cli(['fault', 'inbox', 'resume'])).code).toBe(0);
    await waitFor('another heartbeat', async () => {
      const { heartbeat: now } = await heartbeat();
      return (now?.count ?? 0) > (before?.count ?? 0) ? true : undefined;
    });
    expect(await reports()).toHaveLength(reported);
  });
});
