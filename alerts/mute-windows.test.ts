import { describe, expect, it } from 'vitest';
import { type MuteWindow, muteWindows } from './mute-windows.ts';

const night: MuteWindow = {
  name: 'night',
  because: 'warnings can wait for the morning',
  severities: ['warning', 'info'],
  quiet: 'outside',
  timeZone: 'Europe/Berlin',
  weekdays: ['monday', 'friday'],
  times: [{ from: '08:00', to: '18:00' }],
};

describe('mute windows', () => {
  it('are read as they are written', () => {
    const { times: _, ...allDay } = night;
    const windows = [night, { ...allDay, name: 'other', timeZone: 'UTC' }];
    expect(muteWindows.parse(windows)).toEqual(windows);
  });

  it.each<[string, string, object]>([
    ['a critical alert', '0.severities.0', { severities: ['critical'] }],
    ['no severity at all', '0.severities', { severities: [] }],
    ['an unknown time zone', '0.timeZone', { timeZone: 'Europe/Nowhere' }],
    ['an unknown day', '0.weekdays.0', { weekdays: ['someday'] }],
    ['a time that is none', '0.times.0.from', { times: [{ from: '25:00', to: '26:00' }] }],
    ['a range over midnight', '0.times.0', { times: [{ from: '22:00', to: '06:00' }] }],
    ['no reason', '0.because', { because: ' ' }],
    ['a name that Alertmanager or a URL would mangle', '0.name', { name: 'Nights & days' }],
    ['what it does not know', '0', { severity: 'warning' }],
  ])('refuse %s', (_, where, change) => {
    const parsed = muteWindows.safeParse([{ ...night, ...change }]);
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(where);
  });

  it('refuse a name that is used twice', () => {
    expect(muteWindows.safeParse([night, night]).success).toBe(false);
  });
});
