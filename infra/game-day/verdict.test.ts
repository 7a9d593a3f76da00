import { describe, expect, it } from 'vitest';
import { begin, courseOf, type DrillCourse, follow } from './course.ts';
import type { Drill } from './drills.ts';
import type { AlertOf, Consequence, Expectation } from './expectation.ts';
import type { Delivery, Observation, Sighted } from './observation.ts';
import { type Destinations, isCalm, leftBehind, lingeringOf, missingOf, undeclaredIn } from './verdict.ts';

const destinations: Destinations = {
  critical: ['pagerduty', '#incidents'],
  warning: ['#alerts'],
  info: ['#monitoring'],
  none: ['heartbeat'],
};

const alert: AlertOf = { family: 'ErrorsHigh', service: 'audit' };
const late: Consequence = { family: 'Late', service: 'audit', because: 'it may be' };

const drill = (expectation: Partial<Expectation> = {}): Drill => ({
  name: 'audit:errors',
  service: 'audit',
  kind: 'errors',
  expectation: { raises: [alert], allows: [late], ...expectation },
});

const sighted = (of: Partial<Sighted> = {}): Sighted => ({
  ...alert,
  severity: 'critical',
  state: 'firing',
  since: 1000,
  ...of,
});

const delivery = (
  to: string,
  state: Delivery['state'],
  at: number,
  of: Partial<Delivery> = {},
): Delivery => ({
  ...alert,
  severity: to === '#alerts' ? 'warning' : 'critical',
  to,
  state,
  at,
  ...of,
});

const seen = (at: number, some: Partial<Observation> = {}): Observation => ({
  at,
  sighted: [],
  complete: true,
  deliveries: [],
  ...some,
});

const courseThrough = (observations: readonly Observation[], of = drill()): DrillCourse =>
  observations.reduce(follow, begin(of, 1000));

describe('the course of a drill', () => {
  it('remembers when an alert was first pending, first firing, and gone', () => {
    const course = courseThrough([
      seen(1500),
      seen(2000, { sighted: [sighted({ state: 'pending', since: 1900 })] }),
      seen(3000, { sighted: [sighted({ since: 1900 }), sighted({ since: 1800, state: 'pending' })] }),
      seen(4000, { sighted: [sighted({ since: 1900 })] }),
      seen(5000),
      seen(6000),
    ]);
    expect(courseOf(course, alert)).toMatchObject({ pendingAt: 1800, firingAt: 3000, endedAt: 5000 });
    expect(course.alerts).toHaveLength(1);
  });

  it('does not take silence for the end, nor a pause', () => {
    const firing = seen(2000, { sighted: [sighted()] });
    const unanswered = courseThrough([firing, seen(3000, { complete: false })]);
    expect(courseOf(unanswered, alert)?.endedAt).toBeUndefined();
    const again = courseThrough([firing, seen(3000), seen(4000, { sighted: [sighted()] })]);
    expect(courseOf(again, alert)?.endedAt).toBeUndefined();
  });

  it('counts only what was delivered since it began, and about its own alerts', () => {
    const deliveries = [
      delivery('#incidents', 'firing', 900),
      delivery('#incidents', 'firing', 1100),
      delivery('#incidents', 'firing', 1200, { service: 'sync' }),
    ];
    const course = courseThrough([seen(2000, { sighted: [sighted()], deliveries })]);
    expect(courseOf(course, alert)?.deliveries).toEqual([deliveries[1]]);
  });

  it('gives an alert that two of its expectations mean to the first', () => {
    const page: AlertOf = { ...alert, severity: 'critical' };
    const rest: Consequence = { ...alert, because: 'the other tier' };
    const course = courseThrough(
      [seen(2000, { sighted: [sighted(), sighted({ severity: 'warning' })] })],
      drill({ raises: [page], allows: [rest] }),
    );
    expect(courseOf(course, page)?.severities).toEqual(['critical']);
    expect(courseOf(course, rest)?.severities).toEqual(['warning']);
  });
});

describe('what is missing', () => {
  const missingIn = (some: Partial<Observation>, of = drill()) =>
    missingOf(courseThrough([seen(2000, some)], of), destinations);
  const everywhere = [delivery('pagerduty', 'firing', 1500), delivery('#incidents', 'firing', 1600)];

  it('is an alert that did not fire', () => {
    expect(missingIn({})).toEqual(['ErrorsHigh of audit did not fire']);
    expect(missingIn({ sighted: [sighted({ state: 'pending' })] })).toEqual([
      'ErrorsHigh of audit did not fire, it was only pending',
    ]);
  });

  it('is a receiver that was not told', () => {
    expect(missingIn({ sighted: [sighted()] })).toEqual([
      'ErrorsHigh of audit fired and arrived nowhere rather than at pagerduty and #incidents',
    ]);
    expect(missingIn({ sighted: [sighted()], deliveries: everywhere.slice(0, 1) })).toHaveLength(1);
    expect(missingIn({ sighted: [sighted()], deliveries: everywhere })).toEqual([]);
  });

  it('is the right receiver when a wrong one was told', () => {
    const deliveries = [delivery('#alerts', 'firing', 1500)];
    expect(missingIn({ sighted: [sighted()], deliveries })).toHaveLength(1);
    expect(missingIn({ sighted: [sighted({ severity: 'warning' })], deliveries })).toEqual([]);
  });

  it('is nothing more once it fired, where nothing can be delivered', () => {
    const mute = drill({ undeliverable: 'Alertmanager is what was stopped' });
    expect(missingIn({ sighted: [sighted()] }, mute)).toEqual([]);
    expect(missingIn({}, mute)).toHaveLength(1);
  });
});

describe('the end of a drill', () => {
  const told = delivery('#incidents', 'firing', 1500);
  const calledOff = delivery('#incidents', 'resolved', 2500);
  const firing = seen(2000, { sighted: [sighted()], deliveries: [told] });

  it('waits for the alert, and for everybody who was told of it', () => {
    expect(lingeringOf(courseThrough([firing]))).toEqual(['ErrorsHigh of audit goes on']);
    expect(lingeringOf(courseThrough([firing, seen(3000, { deliveries: [told] })]))).toEqual([
      'ErrorsHigh of audit is over, and not everybody was told',
    ]);
    const over = courseThrough([firing, seen(3000, { deliveries: [told, calledOff] })]);
    expect(lingeringOf(over)).toEqual([]);
    expect(leftBehind(over)).toEqual([]);
  });

  it('waits when it was called off and announced again', () => {
    const deliveries = [told, calledOff, delivery('#incidents', 'firing', 2600)];
    expect(lingeringOf(courseThrough([firing, seen(3000, { deliveries })]))).toHaveLength(1);
  });

  it('leaves behind, without waiting, what outlasts it', () => {
    const slow: Consequence = { ...late, outlasts: 'its window is three days long' };
    const course = courseThrough(
      [seen(2000, { sighted: [sighted({ family: 'Late' })] })],
      drill({ allows: [slow] }),
    );
    expect(lingeringOf(course)).toEqual([]);
    expect(leftBehind(course)).toContain(slow);
  });

  it('leaves behind what outlasts it even if that has not begun', () => {
    const slow: Consequence = { ...late, outlasts: 'its window is three days long' };
    expect(leftBehind(courseThrough([seen(2000)], drill({ allows: [slow, late] })))).toEqual([slow]);
  });
});

describe('an undeclared alert', () => {
  const undeclared = (one: Sighted, declared: readonly AlertOf[]) =>
    undeclaredIn(seen(1, { sighted: [one] }), declared, new Set(['Watchdog']));

  it('is one that fires and that nothing under way may raise', () => {
    expect(undeclared(sighted(), [late])).toEqual([sighted()]);
    expect(undeclared(sighted(), [{ ...alert, service: 'sync' }])).toHaveLength(1);
    expect(undeclared(sighted(), [{ ...alert, severity: 'warning' }])).toHaveLength(1);
  });

  it('is not one that is declared, tolerated, or only pending', () => {
    expect(undeclared(sighted(), [late, alert])).toEqual([]);
    expect(undeclared(sighted({ family: 'Watchdog' }), [])).toEqual([]);
    expect(undeclared(sighted({ state: 'pending' }), [])).toEqual([]);
  });
});

describe('calm', () => {
  it('is when nothing is pending, firing, or announced and not called off', () => {
    expect(isCalm(seen(1), [alert])).toBe(true);
    expect(isCalm(seen(1, { sighted: [sighted({ state: 'pending' })] }), [alert])).toBe(false);
    expect(isCalm(seen(1, { sighted: [sighted({ service: 'sync' })] }), [alert])).toBe(true);
    const told = delivery('#incidents', 'firing', 1);
    expect(isCalm(seen(1, { deliveries: [told] }), [alert])).toBe(false);
    const both = [told, delivery('#incidents', 'resolved', 2)];
    expect(isCalm(seen(1, { deliveries: both }), [alert])).toBe(true);
  });
});
