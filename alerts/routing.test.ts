import { describe, expect, it } from 'vitest';
import { promql } from '../telemetry/query/query.ts';
import type { MuteWindow } from './mute-windows.ts';
import { routesTaken } from './route-alert.ts';
import { inhibitionsOf, routingFor, secretsOf } from './routing.ts';
import type { AlertRule } from './rule.ts';
import { allRules } from './rules/index.ts';

const rule = (severity: AlertRule['severity'], by: readonly string[] = ['service']): AlertRule => ({
  name: 'Sample',
  ...(severity === 'critical'
    ? { severity, earned: { as: 'data loss' as const, because: 'a sample' } }
    : { severity }),
  expr: promql`max by (service) (up)`,
  by,
  summary: '',
  description: '',
  runbook: 'sample',
  dashboard: { uid: 'home', variables: [] },
});

describe('inhibition', () => {
  it('lets each tier mute those below it, for the same subject', () => {
    expect(inhibitionsOf([rule('info'), rule('critical'), rule('warning')])).toEqual([
      {
        source: [
          { label: 'alertname', operator: '=', value: 'Sample' },
          { label: 'severity', operator: '=', value: 'critical' },
        ],
        target: [
          { label: 'alertname', operator: '=', value: 'Sample' },
          { label: 'severity', operator: '=~', value: 'warning|info' },
        ],
        equal: ['cluster', 'environment', 'service'],
      },
      expect.objectContaining({
        target: [expect.anything(), { label: 'severity', operator: '=~', value: 'info' }],
      }),
    ]);
  });
  it('compares only labels that both tiers keep', () => {
    const [inhibition] = inhibitionsOf([rule('critical', ['service', 'pod']), rule('warning', ['service'])]);
    expect(inhibition?.equal).toEqual(['cluster', 'environment', 'service']);
  });
  it('never concerns a family of one tier, nor the plumbing', () => {
    expect(inhibitionsOf([rule('critical')])).toEqual([]);
    expect(inhibitionsOf([rule('none')])).toEqual([]);
  });
});

const weekend: MuteWindow = {
  name: 'weekend',
  because: 'nobody looks',
  severities: ['info'],
  quiet: 'inside',
  timeZone: 'UTC',
  weekdays: ['saturday', 'sunday'],
};

describe('our routing', () => {
  const receiversOf = (labels: Readonly<Record<string, string>>, routing = routingFor(allRules)) =>
    routesTaken(routing, labels).map(({ receiver }) => receiver);

  it('tells a team of its own alerts beside everybody', () => {
    expect(receiversOf({ severity: 'critical', team: 'compliance' })).toEqual(['compliance', 'incidents']);
    expect(receiversOf({ severity: 'warning', team: 'compliance' })).toEqual(['compliance', 'alerts']);
    expect(receiversOf({ severity: 'warning', team: 'tasks' })).toEqual(['alerts']);
  });
  it('tells a team instead of everybody where its route says so', () => {
    const routing = routingFor(allRules, {
      teamRoutes: [{ team: 'tasks', severity: 'info', receiver: 'compliance', as: 'instead' }],
    });
    expect(receiversOf({ severity: 'info', team: 'tasks' }, routing)).toEqual(['compliance']);
    expect(receiversOf({ severity: 'info', team: 'platform' }, routing)).toEqual(['monitoring']);
  });
  it('leaves what no route knows to the root', () => {
    expect(receiversOf({ severity: 'unheard-of', team: 'tasks' })).toEqual([]);
    expect(routingFor(allRules).root.receiver).toBe('alerts');
  });
  it('pages nobody where that is not wanted, and tells the channels all the same', () => {
    const { receivers } = routingFor(allRules, { paging: false });
    expect(receivers.flatMap(({ integrations }) => integrations.map(({ kind }) => kind))).not.toContain(
      'pagerduty',
    );
    expect(receivers.map(({ name }) => name)).toEqual(routingFor(allRules).receivers.map(({ name }) => name));
    expect(receivers.every(({ integrations }) => integrations.length > 0)).toBe(true);
  });
  it('is quiet in mute windows, in every route of their severities and no other', () => {
    const { root } = routingFor(allRules, {
      muteWindows: [weekend, { ...weekend, name: 'office', quiet: 'outside', severities: ['warning'] }],
    });
    const severityOf = ({ matchers }: (typeof root.routes)[number]) =>
      matchers.find(({ label }) => label === 'severity')?.value;
    expect(root.routes.map((route) => [severityOf(route), route.quietInside, route.quietOutside])).toEqual([
      ['none', undefined, undefined],
      ['critical', undefined, undefined],
      ['critical', undefined, undefined],
      ['warning', undefined, ['office']],
      ['warning', undefined, ['office']],
      ['info', ['weekend'], undefined],
    ]);
  });
  it('names secrets and holds none', () => {
    expect(secretsOf(routingFor(allRules)).map(({ secretRef }) => secretRef)).toContain(
      'PAGERDUTY_ROUTING_KEY',
    );
    expect(JSON.stringify(routingFor(allRules))).not.toMatch(/https?:/);
  });
});
