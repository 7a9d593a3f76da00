import { expect, it } from 'vitest';
import { dashboardLink } from './dashboard-link.ts';
import { complaintsAbout, critical, exampleContext, examples, sample } from './support/examples.ts';

const linked = (...variables: readonly ('service' | 'instance' | 'environment')[]) =>
  sample('max by (service) (up) == 0', { dashboard: { uid: 'service-overview', variables } });

examples(dashboardLink, {
  good: [
    ['labels of the alert', linked('service')],
    ['labels that the deployment adds', linked('service', 'environment')],
    ['a rule without a link', sample()],
  ],
  bad: [['a variable that the alert has no label for', linked('service', 'instance'), 'fills instance']],
});

it('asks for a link where the severity needs one', () => {
  const context = { ...exampleContext, dashboardFor: ['critical'] as const };
  expect(complaintsAbout(dashboardLink, critical(sample()), context)).toEqual([
    'alert Sample-critical: it links to no dashboard',
  ]);
  expect(complaintsAbout(dashboardLink, sample(), context)).toEqual([]);
});
