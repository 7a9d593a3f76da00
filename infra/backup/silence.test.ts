import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRestore, type Silence } from './silence.ts';

const now = new Date('2030-01-31T12:00:00Z');
const silence = (changed: Partial<Silence> = {}): Silence => ({
  matchers: [
    { name: 'alertname', value: 'HighErrorRatio', isRegex: false, isEqual: true },
    { name: 'service', value: 'audit|sync', isRegex: true, isEqual: false },
  ],
  startsAt: '2030-01-31T11:00:00.000Z',
  endsAt: '2030-01-31T18:00:00.000Z',
  createdBy: 'alice',
  comment: 'roll-out',
  ...changed,
});
const counts = (backup: readonly Silence[], there: readonly Silence[]) => {
  const { create, present, over } = planRestore(backup, there, now);
  return [create.length, present.length, over.length];
};

describe('what a restore does', () => {
  it('makes what is not there, once, and passes over what is over', () => {
    expect(counts([silence(), silence(), silence({ endsAt: '2030-01-31T12:00:00Z' })], [])).toEqual([
      1, 1, 1,
    ]);
  });

  it('knows a silence again that Alertmanager began when it learnt of it', () => {
    expect(counts([silence()], [silence({ startsAt: '2030-01-31T11:59:59.123Z' })])).toEqual([0, 1, 0]);
  });

  it('knows it with its matchers in another order, and its times written in another way', () => {
    const { matchers } = silence();
    expect(
      counts(
        [silence()],
        [silence({ matchers: matchers.toReversed(), endsAt: '2030-01-31T20:00:00+02:00' })],
      ),
    ).toEqual([0, 1, 0]);
  });

  it.each<[string, Partial<Silence>]>([
    ['matchers', { matchers: silence().matchers.slice(1) }],
    [
      'a matcher that is turned round',
      { matchers: silence().matchers.map((each) => ({ ...each, isEqual: true })) },
    ],
    ['an end', { endsAt: '2030-01-31T18:00:01Z' }],
    ['an author', { createdBy: 'bob' }],
    ['a comment', { comment: '' }],
    ['a beginning that is yet to come', { startsAt: '2030-01-31T13:00:00Z' }],
  ])('takes one for another that differs in %s', (_, changed) => {
    expect(counts([silence(changed)], [silence()])).toEqual([1, 0, 0]);
  });

  it('has nothing left to do once it was done', () => {
    const times = fc.date({ min: new Date('2030-01-30'), max: new Date('2030-02-02'), noInvalidDate: true });
    const any = fc
      .record({ startsAt: times, endsAt: times, comment: fc.constantFrom('a', 'b') })
      .map((each) =>
        silence({ ...each, startsAt: each.startsAt.toISOString(), endsAt: each.endsAt.toISOString() }),
      );
    fc.assert(
      fc.property(fc.array(any), fc.array(any), (backup, there) => {
        const { create } = planRestore(backup, there, now);
        expect(planRestore(backup, [...there, ...create], now).create).toEqual([]);
      }),
    );
  });
});
