import { expect, it } from 'vitest';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { destinationsOf, severityAt } from './destinations.ts';

it('severities arrive where the routing sends them, copies for teams left aside', () => {
  const destinations = destinationsOf(routingFor(allRules));
  expect(destinations).toEqual({
    critical: ['pagerduty', '#incidents'],
    warning: ['#alerts'],
    info: ['#monitoring'],
    none: [],
  });
  expect(severityAt(destinations, '#incidents')).toBe('critical');
  expect(severityAt(destinations, '#compliance')).toBeUndefined();
});

it('nobody is paged where the environment pages nobody', () => {
  expect(destinationsOf(routingFor(allRules, { paging: false })).critical).toEqual(['#incidents']);
});
