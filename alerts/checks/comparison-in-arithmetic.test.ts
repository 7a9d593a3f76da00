import { comparisonInArithmetic } from './comparison-in-arithmetic.ts';
import { examples } from './support/examples.ts';

examples(comparisonInArithmetic, {
  good: [
    ['a comparison at the end', 'max by (service) (up) * 2 > 0'],
    ['one that gives 0 or 1', 'max by (service) (up == bool 1) * 2 > 0'],
    ['a divisor that must not be 0', 'max by (service) (up) / (max by (service) (up) > 0) > 1'],
    ['what is counted', 'count by (service) (up == 0) / count by (service) (up) > 0'],
    ['a sum of ones', 'sum by (service) (up == 1) > 0'],
  ],
  bad: [
    ['a filter that is multiplied', '(max by (service) (up) == 1) * 2 > 0', 'keeps the value'],
    ['a filter that is subtracted', '1 - (max by (service) (up) == 1) > 0', 'keeps the value'],
    [
      'a filter that is divided',
      '(max by (service) (up) > 0) / max by (service) (up) > 0',
      'keeps the value',
    ],
    ['a sum of zeros', 'sum by (service) (up == 0) > 0', 'keeps the value'],
    ['an average of what passed', 'avg by (service) (event_consumer_lag > 1) > 0', 'keeps the value'],
  ],
});
