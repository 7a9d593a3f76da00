import { critical, examples, sample } from './support/examples.ts';
import { vanishedTarget } from './vanished-target.ts';

const zero = 'count by (service) (up == 0) > 0';
const gone = 'label_replace(vector(1), "service", "sync", "", "") unless on (service) (up == 1)';

examples(vanishedTarget, {
  good: [
    ['absence beside it', `(${gone}) or ${zero}`],
    ['absence in another tier', [sample(zero), critical(sample('absent(up)'))]],
    ['another metric that is 0', 'max(health_check_status) == 0'],
    ['what keeps another alert quiet', 'absent(event_consumer_lag) unless on () up == 0'],
    ['targets that are up', 'count(up == 1) > 1'],
  ],
  bad: [
    ['up == 0', 'max by (service) (up) == 0', 'no `up` at all'],
    ['one of its other forms', 'max by (service) (up) < 1', 'no `up` at all'],
    ['a count of them', zero, 'no `up` at all'],
    ['absence in another alert', [sample(zero), sample('absent(up)', { name: 'Other' })], 'no `up` at all'],
    [
      'absence of something else',
      `absent(event_consumer_lag) or max by (service) (up) == 0`,
      'no `up` at all',
    ],
  ],
});
