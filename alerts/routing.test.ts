import { describe, expect, it } from 'vitest';
import { promql } from '../telemetry/query/query.ts';
import { checkRouting } from './check-routing.ts';
import { isPaging } from './receivers.ts';
import { inhibitionsOf, routingFor, secretsOf } from './routing.ts';
import type { AlertRule } from './rule.ts';
import { allRules } from './rules/index.ts';

const rule = (severity: AlertRule['severity'], by: readonly string[] = ['service']): AlertRule => ({
  name: 'Sample',
  ...(severity === 'critical'
    ? { severity, earned: { as: 'data loss', because: 'it is lost' } }
    : { severity }),
  expr: promql`max by (service) (up)`,
  by,
  summary: '',
  description: '',
  runbook: 'sample',
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

describe('our routing', () => {
  it('uses every receiver, and tries the heartbeat first', () => {
    const routing = routingFor(allRules);
    expect(checkRouting(routing)).toEqual([]);
    expect(routing.root.routes[0]).toMatchObject({ receiver: 'heartbeat', repeatInterval: '50s' });
  });
  it('names secrets and holds none', () => {
    expect(secretsOf(routingFor(allRules)).map(({ secretRef }) => secretRef)).toContain(
      'PAGERDUTY_ROUTING_KEY',
    );
    expect(JSON.stringify(routingFor(allRules))).not.toMatch(/https?:/);
  });
  it('tells only channels where nobody is to be paged', () => {
    const { receivers } = routingFor(allRules, { paging: false });
    const incidents = receivers.find(({ name }) => name === 'incidents');
    expect(incidents?.integrations).toMatchObject([{ kind: 'slack', channel: '#incidents' }]);
    expect(receivers.flatMap(({ integrations }) => integrations).filter(isPaging)).toEqual([]);
    expect(checkRouting(routingFor(allRules, { paging: false }))).toEqual([]);
  });
  it('is refused when a receiver is missing or unused', () => {
    const routing = routingFor(allRules);
    const problems = checkRouting({
      ...routing,
      receivers: routing.receivers.filter(({ name }) => name !== 'alerts'),
      root: { ...routing.root, routes: routing.root.routes.slice(1) },
    });
    expect(problems.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'receiver alerts: it is not declared',
      'receiver heartbeat: no route leads to it',
    ]);
  });
});
