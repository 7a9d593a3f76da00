import { describe, expect, it } from 'vitest';
import type { Drill } from './drills.ts';
import { drills } from './drills.ts';
import { alertsOf, type Expectation, overlap } from './expectation.ts';
import { canRunTogether, nextDrills } from './schedule.ts';

const drill = (name: string, expectation: Partial<Expectation> = {}): Drill => ({
  name,
  service: 'audit',
  kind: 'errors',
  expectation: { raises: [{ family: name, service: 'audit' }], allows: [], ...expectation },
});

describe('faults at the same time', () => {
  const a = drill('A');
  const b = drill('B');

  it('run together when no alert could be of both', () => {
    expect(canRunTogether(a, b)).toBe(true);
    const mayRaiseA = drill('B', { allows: [{ family: 'A', service: 'audit', because: 'it may' }] });
    expect(canRunTogether(a, mayRaiseA)).toBe(false);
    expect(canRunTogether(mayRaiseA, a)).toBe(false);
    expect(canRunTogether(a, drill('A', { raises: [{ family: 'A', service: 'sync' }] }))).toBe(true);
  });

  it('tell tiers apart only where both name one', () => {
    const page = drill('A', { raises: [{ family: 'A', service: 'audit', severity: 'critical' }] });
    const ticket = drill('A', { raises: [{ family: 'A', service: 'audit', severity: 'warning' }] });
    expect(canRunTogether(page, ticket)).toBe(true);
    expect(canRunTogether(page, a)).toBe(false);
  });

  it('run alone when they ask for it, even if nothing is shared', () => {
    const alone = drill('Z', { alone: 'nothing else can be seen' });
    expect(nextDrills([alone], [a])).toEqual([]);
    expect(nextDrills([alone, b], [])).toEqual([alone]);
  });

  it('keep their order, pass those that must wait, and are five at most', () => {
    const sameAsA = drill('A');
    expect(nextDrills([sameAsA, b], [a])).toEqual([b]);
    const many = ['C', 'D', 'E', 'F', 'G', 'H'].map((name) => drill(name));
    expect(nextDrills(many, [a]).map(({ name }) => name)).toEqual(['C', 'D', 'E', 'F']);
  });

  it('never share an alert, whatever the order in which all of them end', () => {
    let waiting = drills;
    let underWay: readonly Drill[] = [];
    while (waiting.length + underWay.length > 0) {
      const begun = nextDrills(waiting, underWay);
      waiting = waiting.filter((one) => !begun.includes(one));
      underWay = [...underWay, ...begun];
      for (const [index, one] of underWay.entries())
        for (const other of underWay.slice(index + 1))
          for (const alert of alertsOf(one.expectation))
            expect(alertsOf(other.expectation).some((theirs) => overlap(alert, theirs))).toBe(false);
      expect(underWay.length).toBeGreaterThan(0);
      underWay = underWay.slice(1);
    }
  });
});
