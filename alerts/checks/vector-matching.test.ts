import { examples } from './support/examples.ts';
import { vectorMatching } from './vector-matching.ts';

examples(vectorMatching, {
  good: [
    ['the same labels', 'max by (service) (up) < sum by (service) (up)'],
    ['a number', 'max by (service) (up) * 2 > 0'],
    [
      'labels that are named',
      'sum by (service, pod) (up) > on (service) group_left () max by (service) (up)',
    ],
    [
      'labels that are ignored',
      'sum by (service, pod) (up) > ignoring (pod) group_left () max by (service) (up)',
    ],
    ['a union', 'sum by (service) (up) > 0 or sum by (pod) (up) > 0'],
    ['no labels at all', 'sum(up) / count(up) < 1'],
  ],
  bad: [
    [
      'a label too many on one side',
      'sum by (service, pod) (up) / max by (service) (up) > 1',
      'nothing matches',
    ],
    ['a condition about something else', 'max by (service) (up) == 0 and sum(up) > 0', 'carries no labels'],
    ['an `unless` that never takes', 'max by (service) (up) == 0 unless sum(up) > 0', 'nothing matches'],
    [
      'a named label that is gone',
      'max by (service) (up) == on (pod) max by (pod) (up)',
      'it matches on pod',
    ],
  ],
});
