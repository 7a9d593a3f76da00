import { describe, expect, it } from 'vitest';
import { checkRouting } from './check-routing.ts';
import type { MuteWindow } from './mute-windows.ts';
import { type Route, type Routing, routingFor } from './routing.ts';
import { allRules } from './rules/index.ts';

const sound = routingFor(allRules);
const [heartbeat, ...others] = sound.root.routes;
if (!heartbeat) throw new Error('there is no first route');

const withRoutes = (...routes: readonly Route[]): Routing => ({ ...sound, root: { ...sound.root, routes } });
const withHeartbeat = (change: Partial<Route>): Routing => withRoutes({ ...heartbeat, ...change }, ...others);
const complaints = (routing: Routing) =>
  checkRouting(routing, allRules).map(({ code, where, what }) => `${code} ${where}: ${what}`);

const always: MuteWindow = {
  name: 'always',
  because: 'a test',
  severities: ['warning', 'info'],
  quiet: 'inside',
  timeZone: 'UTC',
  weekdays: ['monday'],
};

describe('the checks of the routing', () => {
  it.each([
    ['as it is', sound],
    ['where nobody is paged', routingFor(allRules, { paging: false })],
    ['with mute windows', routingFor(allRules, { muteWindows: [always] })],
    ['without teams', routingFor(allRules, { teamRoutes: [], receivers: sound.receivers.slice(0, 4) })],
  ])('accept it %s', (_, routing) => {
    expect(checkRouting(routing, allRules)).toEqual([]);
  });

  it('refuse a receiver that is missing, unused or empty', () => {
    const routing: Routing = {
      ...sound,
      receivers: sound.receivers.flatMap((receiver) =>
        receiver.name === 'alerts'
          ? []
          : receiver.name === 'monitoring'
            ? [{ ...receiver, integrations: [] }]
            : [receiver],
      ),
      root: { ...sound.root, routes: sound.root.routes.filter(({ receiver }) => receiver !== 'compliance') },
    };
    expect(complaints(routing)).toEqual([
      'SL1509 receiver alerts: it is not declared',
      'SL1509 receiver compliance: no route leads to it',
      'SL1509 receiver monitoring: it tells nobody',
    ]);
  });

  it('refuse a route that an earlier one leaves nothing to', () => {
    const route = { team: 'tasks', severity: 'warning', receiver: 'compliance', as: 'instead' } as const;
    expect(complaints(routingFor(allRules, { teamRoutes: [route, route] }))).toEqual([
      'SL1521 route to compliance, severity=warning, team=tasks: no alert takes it: an earlier route takes them all',
    ]);
  });

  it.each<[string, Routing, string]>([
    ['not first', withRoutes(...others, heartbeat), 'its route is not the first'],
    ['shared', withHeartbeat({ matchers: heartbeat.matchers.slice(1) }), 'other alerts take its route'],
    ['not the end', withHeartbeat({ continues: true }), 'not only for each other'],
    ['muted', withHeartbeat({ quietInside: ['always'] }), 'it is muted at times'],
    ['grouped', { ...sound, root: { ...sound.root, groupBy: ['cluster'] } }, 'grouped with other alerts'],
    [
      'inhibited',
      {
        ...sound,
        inhibitions: [
          {
            source: [{ label: 'alertname', operator: '=', value: 'ServiceDown' }],
            target: [{ label: 'severity', operator: '=~', value: 'none|info' }],
            equal: ['cluster'],
          },
        ],
      },
      'another alert inhibits it',
    ],
  ])('refuse a heartbeat that is %s', (_, routing, words) => {
    expect(complaints(routing).join('\n')).toMatch(new RegExp(`SL1522 alert Watchdog: .*${words}`));
  });

  it('refuse to mute or to lose what is critical', () => {
    const muted = others.map((route) => ({ ...route, quietOutside: ['office'] }));
    expect(complaints(withRoutes(heartbeat, ...muted))).toContain(
      'SL1523 critical alerts of the team tasks: they are muted at times',
    );
    const lost = others.map(({ continues: _, ...route }) => route);
    expect(complaints(withRoutes(heartbeat, ...lost))).toContain(
      'SL1523 critical alerts of the team compliance: they do not reach `incidents`',
    );
  });

  it('refuse an inhibition by labels that one side lacks, of strangers, or of everybody', () => {
    const [inhibition] = sound.inhibitions;
    if (!inhibition) throw new Error('there is no inhibition');
    const changed = (change: Partial<typeof inhibition>) =>
      complaints({ ...sound, inhibitions: [{ ...inhibition, ...change }] });
    const nobody = [{ label: 'alertname', operator: '=' as const, value: 'Nobody' }];
    expect(changed({ equal: ['cluster', 'no_such_label'] })).toEqual(
      expect.arrayContaining([expect.stringMatching(/SL1520 .*does not carry the label no_such_label/)]),
    );
    expect(changed({ equal: [] }).join()).toContain('it compares no label');
    expect(changed({ source: nobody }).join()).toContain('no alert is its source');
    expect(changed({ target: nobody }).join()).toContain('no alert is its target');
  });
});
