import { describe, expect, it } from 'vitest';
import type { Suppression } from '../rule.ts';
import { checkRules } from './index.ts';
import { exampleContext, examples, sample } from './support/examples.ts';
import { suppression } from './suppression.ts';

const because = 'the dashboard says so';
const drops =
  '(sum by (service) (rate(events_published_total[5m])) or sum by (service) (rate(events_processed_total[5m]))) > 1';
const allowing = (...allow: readonly Suppression[]) => sample(drops, { allow });

examples(suppression, {
  good: [
    ['a reason and a day', allowing({ check: 'or-drops', because, until: '2027-05-31' })],
    ['the last day', allowing({ check: 'or-drops', because, until: '2026-11-21' })],
  ],
  bad: [
    ['no reason', allowing({ check: 'or-drops', because: ' ', until: '2027-05-31' }), 'has no reason'],
    [
      'a day that is over',
      allowing({ check: 'or-drops', because, until: '2026-11-20' }),
      'ended on 2026-11-20',
    ],
    ['a day that is none', allowing({ check: 'or-drops', because, until: '2027-02-30' }), 'no day'],
    ['another notation', allowing({ check: 'or-drops', because, until: '2027-5-31' }), 'no day'],
    ['more than a year', allowing({ check: 'or-drops', because, until: '2028-05-31' }), 'longer than a year'],
  ],
});

describe('a suppression', () => {
  const found = (...allow: readonly Suppression[]) =>
    checkRules({ alerts: [allowing(...allow)], recordings: [] }, exampleContext).map(
      ({ check, what }) => `${check}: ${what}`,
    );
  const orDrops = expect.stringContaining('or-drops: `or` drops');

  it('silences its check, and no other', () => {
    expect(found()).toEqual([orDrops]);
    expect(found({ check: 'or-drops', because, until: '2027-05-31' })).toEqual([]);
  });
  it('is a problem itself when it silences nothing', () => {
    expect(found({ check: 'quantile', because, until: '2027-05-31' })).toEqual([
      orDrops,
      'suppression: its suppression of quantile silences nothing',
    ]);
  });
  it('holds no longer than it says', () => {
    expect(found({ check: 'or-drops', because, until: '2026-11-20' })).toEqual([
      orDrops,
      expect.stringContaining('ended on 2026-11-20'),
    ]);
  });
});
