import { expect, it } from 'vitest';
import { problemsOf, refreshText, stateFrom, themeChoice } from './state.ts';

const now = Date.UTC(2026, 10, 21, 12);
const problems = (text: string): readonly string[] => problemsOf(new URLSearchParams(text), now);

it('an address that is understood has no problems', () => {
  expect(problems('from=now-6h&to=now&refresh=30s&var-x=y')).toEqual([]);
  expect(problems('from=1763720000000&to=1763730000000&refresh=')).toEqual([]);
  expect(problems('')).toEqual([]);
});

it.each([
  ['from=yesterday', '“from” in the address is “yesterday”, which is no time'],
  ['from=now-1h&to=12', '“to” in the address is “12”, which is no time'],
  ['from=now&to=now-1h', 'is not before'],
  ['refresh=often', '“refresh” in the address is “often”'],
  [`to=${'x'.repeat(500)}`, `“${'x'.repeat(60)}…”`],
])('%s is told', (text, said) => {
  expect(problems(text)).toEqual([expect.stringContaining(said)]);
});

it('an address overrides what the dashboard starts with', () => {
  const defaults = { from: 'now-1h', to: 'now', refresh: '30s' };
  expect(stateFrom(new URLSearchParams('from=now-2d'), defaults)).toEqual({
    from: 'now-2d',
    to: 'now',
    refresh: 30,
  });
  expect(stateFrom(new URLSearchParams('refresh=5m'), defaults).refresh).toBe(300);
  expect([0, 30, 300].map(refreshText)).toEqual(['', '30s', '5m']);
});

it('the theme is the address’s, then the one chosen, then the system’s', () => {
  expect(themeChoice(new URLSearchParams('theme=light'), 'dark')).toBe('light');
  expect(themeChoice(new URLSearchParams(), 'dark')).toBe('dark');
  expect(themeChoice(new URLSearchParams('theme=pink'), null)).toBe('system');
});
