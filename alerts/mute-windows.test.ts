import { describe, expect, it } from 'vitest';
import { muteWindowsOf, muteWindowsSchema } from './mute-windows.ts';

const office = {
  because: 'they can wait for the morning',
  severities: ['warning', 'info'],
  quiet: 'outside',
  timeZone: 'Europe/Berlin',
  weekdays: ['monday', 'friday'],
  times: ['08:00-12:00', '13:00-24:00'],
};

describe('mute windows', () => {
  it('are read as they are written', () => {
    const { times: _, ...allDay } = office;
    const windows = { office, weekend: { ...allDay, timeZone: 'UTC' } };
    expect(muteWindowsOf(muteWindowsSchema.parse(windows))).toEqual([
      { name: 'office', ...office },
      { name: 'weekend', ...allDay, timeZone: 'UTC' },
    ]);
    expect(muteWindowsOf()).toEqual([]);
  });

  it.each<[string, string, object]>([
    ['a critical alert', 'office.severities.0', { severities: ['critical'] }],
    ['no severity at all', 'office.severities', { severities: [] }],
    ['an unknown time zone', 'office.timeZone', { timeZone: 'Europe/Nowhere' }],
    ['an unknown day', 'office.weekdays.0', { weekdays: ['someday'] }],
    ['a time that is none', 'office.times.0', { times: ['25:00-26:00'] }],
    ['a span that ends as it begins', 'office.times.1', { times: ['08:00-09:00', '10:00-10:00'] }],
    ['a span over midnight', 'office.times.0', { times: ['22:00-06:00'] }],
    ['no reason', 'office.because', { because: ' ' }],
    ['what it does not know', 'office', { severity: 'warning' }],
  ])('refuse %s', (_, where, change) => {
    const parsed = muteWindowsSchema.safeParse({ office: { ...office, ...change } });
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([where]);
  });

  it('say why a critical alert is refused', () => {
    const parsed = muteWindowsSchema.safeParse({ office: { ...office, severities: ['critical'] } });
    expect(parsed.error?.issues[0]?.message).toContain('a critical alert cannot be muted');
  });

  it('refuse a name that a URL would mangle', () => {
    expect(muteWindowsSchema.safeParse({ 'Nights & days': office }).success).toBe(false);
  });
});
