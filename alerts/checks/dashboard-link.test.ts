import { dashboardLink } from './dashboard-link.ts';
import { examples, sample } from './support/examples.ts';

const linked = (...variables: readonly ('service' | 'instance' | 'environment' | 'cluster')[]) =>
  sample('max by (service) (up) == 0', { dashboard: { uid: 'service-overview', variables } });

examples(dashboardLink, {
  good: [
    ['labels of the alert and of the deployment', linked('environment', 'cluster', 'service')],
    ['a dashboard that does not know the labels of the alert', sample('max by (service) (up) == 0')],
  ],
  bad: [
    [
      'a variable that the alert has no label for',
      linked('environment', 'cluster', 'service', 'instance'),
      'fills instance',
    ],
    ['a label that would narrow the dashboard', linked('environment', 'cluster'), 'leaves service open'],
    ['a label of the deployment that would', linked('service', 'cluster'), 'leaves environment open'],
  ],
});
