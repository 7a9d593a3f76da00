import { describe, expect, it } from 'vitest';
import { faultKindNames, faultKinds } from '../../services/kit/faults/kinds.ts';
import { readEnvironment } from '../config.ts';
import type { Extra } from '../local/extras.ts';
import { localStack, planLocal } from '../local/plan.ts';
import { localPorts } from '../local/ports.ts';
import { checkGameDay, checkStops, knownAlerts } from './check.ts';
import { chooseDrills, type Drill, drills, drillsWith } from './drills.ts';
import { alertsOf } from './expectation.ts';

const alerts = knownAlerts(localStack(readEnvironment('local'), localPorts(0), 1));

const drillOf = (expectation: Drill['expectation']): Drill => ({
  name: 'audit:errors',
  service: 'audit',
  kind: 'errors',
  expectation,
});

describe('the expectations of game days', () => {
  it('name known alerts only, and cover every process of the plan', async () => {
    expect(checkGameDay(alerts)).toEqual([]);
    const { processes } = await planLocal({ portOffset: 0, stateDir: '/state', env: {}, timeScale: 1 });
    expect(checkStops(processes.map(({ name }) => name))).toEqual([]);
  });

  it.each<readonly Extra[]>([['dapr'], ['dapr', 'kafka']])(
    'cover what comes with %s, %s',
    async (...extras) => {
      const options = { portOffset: 0, stateDir: '/state', env: {}, timeScale: 1, with: extras };
      const { processes } = await planLocal(options);
      const names = processes.map(({ name }) => name);
      expect(checkStops(names, extras)).toEqual([]);
      const stopped = drillsWith(extras).flatMap((drill) => (drill.kind === 'stop' ? [drill.process] : []));
      expect(names).toEqual(expect.arrayContaining(stopped));
    },
  );

  it('are there for every kind of fault of every service that can have it', () => {
    const expected = faultKindNames.flatMap((kind) =>
      faultKinds[kind].services.map((service) => `${service}:${kind}`),
    );
    expect(drills.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));
    expect(new Set(drills.map(({ name }) => name)).size).toBe(drills.length);
  });

  it('give each fault an alert of its own, and each consequence a reason', () => {
    for (const { name, expectation } of drills) {
      expect(expectation.raises.length, name).toBeGreaterThan(0);
      for (const { because, family } of expectation.allows)
        expect(because, `${name} ${family}`).toMatch(/\w+ \w+/);
    }
  });

  it('are complained of when an alert, or a tier of it, is raised by no rule', () => {
    const misspelt = drillOf({ raises: [{ family: 'SeviceDown', service: 'audit' }], allows: [] });
    const noSuchTier = drillOf({
      raises: [{ family: 'ServiceRestarting', service: 'audit', severity: 'info' }],
      allows: [],
    });
    expect(checkGameDay(alerts, [misspelt, noSuchTier])).toMatchObject([
      {
        code: 'SL1820',
        what: expect.stringContaining('SeviceDown of audit'),
        where: 'game day, audit:errors',
      },
      { code: 'SL1820', what: expect.stringContaining('ServiceRestarting (info) of audit') },
    ]);
  });

  it('are complained of when what must end is said to go on', () => {
    const alert = { family: 'DeadLetters', service: 'audit' };
    const both = drillOf({
      raises: [alert],
      allows: [{ ...alert, because: 'it is so', outlasts: 'for ever' }],
    });
    expect(checkGameDay(alerts, [both])).toMatchObject([
      { code: 'SL1820', what: expect.stringContaining('outlasts') },
    ]);
  });

  it('are complained of when a process is left out', () => {
    expect(checkStops(['loki', 'jaeger'])).toMatchObject([
      { code: 'SL1820', where: 'game day, jaeger:stop' },
    ]);
  });
});

describe('the choice of faults', () => {
  it('goes by kind, or by process and kind', () => {
    expect(chooseDrills([])).toEqual(drills);
    expect(chooseDrills(['event-publish', 'loki:stop']).map(({ name }) => name)).toEqual([
      'backend-api:event-publish',
      'notification:event-publish',
      'sync:event-publish',
      'loki:stop',
    ]);
  });

  it('refuses what there is not, naming what there is', () => {
    expect(() => chooseDrills(['errors', 'fire'])).toThrow(/SL1007 there is no fault "fire".*audit:errors/s);
    expect(() => chooseDrills(['preview:stop'])).toThrow('SL1007');
    expect(() => chooseDrills(['redis:stop'])).toThrow('SL1007');
    expect(chooseDrills(['redis:stop'], ['dapr']).map(({ name }) => name)).toEqual(['redis:stop']);
  });
});

describe('what backend-api’s absence raises', () => {
  it('includes what others miss of it', () => {
    const stop = drills.find(({ name }) => name === 'backend-api:stop');
    expect(stop && alertsOf(stop.expectation)).toContainEqual(
      expect.objectContaining({ family: 'RecurringTasksFailing', service: 'recurring-task' }),
    );
  });
});
