import { describe, expect, it } from 'vitest';
import { useTestInbox } from './testing.ts';

const inbox = useTestInbox();
const { post, json, text } = inbox;

describe('the dead man’s switch', () => {
  const beat = () => post('/heartbeat', { version: '4', alerts: [] });
  const metric = async (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(await text('/metrics'))?.[1];
  it('speaks once when heartbeats stop, and once when they return', async () => {
    await beat();
    inbox.pass(120_000);
    expect(inbox.reported()).toEqual([]);
    expect(await json('/api/heartbeat')).toMatchObject({ deadman: { state: 'beating', silentSince: null } });
    expect(await text('/board')).not.toContain('alerts may reach nobody');
    expect(await metric('inbox_deadman_silent')).toBe('0');
    inbox.pass(180_000);
    expect(inbox.reports()).toMatchObject([
      { state: 'silent', text: expect.stringContaining('alerts may reach nobody') },
    ]);
    expect(await json('/api/heartbeat')).toMatchObject({
      deadman: { state: 'silent', silentSince: expect.stringMatching(/^20/) },
    });
    const board = await text('/board');
    expect(board).toMatch(/class="banner" role="alert"><strong>No heartbeat: alerts may reach nobody/);
    expect(board).toContain('Heartbeat lost');
    expect(await metric('inbox_deadman_silent')).toBe('1');
    await beat();
    expect(inbox.reported()).toEqual(['silent', 'beating']);
    expect(await text('/board')).toContain('Alerting chain alive');
  });

  it('has spoken when somebody asks first', async () => {
    await beat();
    inbox.pass(120_000);
    inbox.skip(60_000);
    expect(await json('/api/heartbeat')).toMatchObject({
      deadman: { state: 'silent', silentSince: expect.stringMatching(/^20/) },
    });
    expect(inbox.reported()).toEqual(['silent']);
  });

  it('says nothing new after a restart, and still knows', async () => {
    await beat();
    inbox.pass(240_000);
    await inbox.restart();
    inbox.pass(60_000);
    expect(inbox.reported()).toEqual(['silent']);
    expect(await json('/api/heartbeat')).toMatchObject({ deadman: { state: 'silent' } });
    await beat();
    expect(inbox.reported()).toEqual(['silent', 'beating']);
  });

  it('does not take its own sleep for silence', async () => {
    await beat();
    inbox.skip(8 * 3_600_000);
    inbox.pass(600_000);
    expect(inbox.reported()).toEqual([]);
    inbox.pass(600_000);
    expect(inbox.reported()).toEqual(['silent']);
  });

  it('exports the age of the heartbeat, and none before the first', async () => {
    expect(await metric('inbox_heartbeat_age_seconds')).toBeUndefined();
    await beat();
    await beat();
    expect(Number(await metric('inbox_heartbeat_age_seconds'))).toBeLessThan(60);
    expect(await metric('inbox_heartbeats_total')).toBe('2');
  });
});
