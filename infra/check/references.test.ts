import { describe, expect, it } from 'vitest';
import { savedQueries } from '../../dashboards/queries/index.ts';
import { readEnvironment } from '../config.ts';
import { localStack } from '../local/plan.ts';
import { localPorts } from '../local/ports.ts';
import { checkReferences } from './references.ts';

const stack = localStack(readEnvironment('local'), localPorts(0), 1);

describe('references between rooms', () => {
  it('resolve in the stack of this repository', () => {
    expect(checkReferences(stack)).toEqual([]);
  });

  it('to a dashboard that nobody generates are reported, from the contract and from each alert', () => {
    const problems = checkReferences({ ...stack, dashboards: [] });
    expect(problems.map(({ where }) => where)).toContain('telemetry/contract/links.ts');
    expect(problems.map(({ where }) => where)).toContain('alert HighErrorRatio-warning');
  });

  it('to a runbook that no alert has are reported, with the panel', () => {
    const dashboards = stack.dashboards.filter(({ uid }) => uid === 'kafka');
    const rules = { ...stack.rules, kafka: [] };
    const dead = checkReferences({ ...stack, rules, dashboards }).filter(({ where }) =>
      where.startsWith('dashboard kafka: '),
    );
    expect(dead.map(({ where, what }) => `${where}: ${what}`)).toContain(
      'dashboard kafka: Brokers: it links to the runbook kafka-brokers-missing, which no alert has',
    );
  });

  it('of a saved query to an alert that does not exist are reported', () => {
    const [query] = savedQueries;
    if (!query) throw new Error('there is a saved query');
    const problems = checkReferences(stack, [{ ...query, alerts: ['DeadLetters-warning', 'DeadLetters'] }]);
    expect(problems.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      `saved query ${query.id}: it is said to help after the alert DeadLetters, which does not exist`,
    ]);
  });

  it('to a service that nothing scrapes are reported', () => {
    const instances = stack.instances.filter(({ placement }) => placement.service !== 'audit');
    expect(checkReferences({ ...stack, instances }).map(({ what }) => what)).toEqual([
      'nothing scrapes the service audit',
    ]);
  });
});
