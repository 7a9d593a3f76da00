import { family } from './family.ts';
import { critical, examples, sample } from './support/examples.ts';

const mild = sample('max by (service) (event_consumer_lag) > 1');
const severe = critical(sample('max by (service) (event_consumer_lag) > 5'));

examples(family, {
  good: [['tiers that agree', [mild, severe]]],
  bad: [
    ['different labels', [mild, { ...severe, by: ['service', 'topic'] }], 'its tiers keep different labels'],
    ['different runbooks', [mild, { ...severe, runbook: 'other' }], 'have different runbooks'],
    ['the same expression', [mild, critical(mild)], 'have the same expression'],
    [
      'plumbing with a tier',
      [mild, { ...sample('max by (service) (up) == 1'), severity: 'none' }],
      'mix `none`',
    ],
  ],
});
