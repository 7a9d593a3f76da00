import { describe, expect, it } from 'vitest';
import { type HeartbeatRecord, judgeHeartbeat } from './deadman.ts';

const limits = { expected: true, silenceMs: 180, graceMs: 600 };
const started = 10_000;

describe('the dead man’s switch', () => {
  it.each<[string, Omit<HeartbeatRecord, 'watchingSince'>, number, string]>([
    ['waits at first', {}, 1, 'waiting'],
    ['has patience while tools are built', {}, 599, 'waiting'],
    ['speaks when the first heartbeat never comes', {}, 600, 'silent'],
    ['is content with one', { lastSeen: started + 5 }, 6, 'beating'],
    ['is content until the limit', { lastSeen: started + 5 }, 184, 'beating'],
    ['speaks at the limit', { lastSeen: started + 5 }, 185, 'silent'],
    ['takes a short break for its own', { lastSeen: started - 180 }, 179, 'beating'],
    ['speaks when none came after a short break', { lastSeen: started - 180 }, 180, 'silent'],
    ['waits anew after a long break', { lastSeen: started - 181 }, 599, 'waiting'],
    ['speaks when none came after a long break', { lastSeen: started - 181 }, 600, 'silent'],
    ['goes on after a restart', { lastSeen: started - 300, silentSince: started - 100 }, 1, 'silent'],
    ['goes on when there never was one', { silentSince: started - 100 }, 1, 'silent'],
    ['is content again', { lastSeen: started + 7, silentSince: started + 5 }, 8, 'beating'],
  ])('%s', (_, record, after, state) => {
    expect(judgeHeartbeat({ ...record, watchingSince: started }, limits, started + after)).toBe(state);
  });
  it('says nothing where heartbeats go elsewhere', () => {
    const record = { silentSince: started - 100, watchingSince: started };
    expect(judgeHeartbeat(record, { ...limits, expected: false }, started + 10_000)).toBe('off');
  });
});
