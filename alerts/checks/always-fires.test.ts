import { alwaysFires } from './always-fires.ts';
import { examples, sample } from './support/examples.ts';

examples(alwaysFires, {
  good: [
    ['a comparison', 'max by (service) (up) == 0'],
    ['an absence', 'absent(up)'],
    ['a comparison inside an aggregation', 'count by (service) (up == 0)'],
    ['one side of `and` that compares', 'max by (service) (up) and max by (service) (up) == 1'],
    ['what always fires by design', { ...sample('vector(1)'), severity: 'none' }],
  ],
  bad: [
    ['a bare value', 'max by (service) (up)', 'nothing in its expression compares'],
    ['a comparison that gives 0 or 1', 'max by (service) (up) == bool 0', 'nothing'],
    ['an `or` of which one side always is', 'max by (service) (up) or max by (service) (up) > 1', 'nothing'],
    ['a constant', 'vector(1)', 'nothing'],
  ],
});
