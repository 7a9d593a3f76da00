import { duplicateExpression } from './duplicate-expression.ts';
import { critical, examples, sample } from './support/examples.ts';

const named = (name: string, expr: string) => sample(expr, { name });

examples(duplicateExpression, {
  good: [
    ['different expressions', [named('A', 'max(up) == 0'), named('B', 'max(up) == 1')]],
    ['different modifiers', [named('A', 'max(up) == 0'), named('B', 'max(up offset 5m) == 0')]],
    ['different groupings', [named('A', 'max by (pod) (up) == 0'), named('B', 'max by (job) (up) == 0')]],
    ['tiers', [sample('max(up) == 0'), critical(sample('max(up) == 0'))]],
  ],
  bad: [
    [
      'the same twice',
      [named('A', 'max(up) == 0'), named('B', 'max(up) == 0')],
      'alert B-warning: its expression is that of alert A-warning',
    ],
    [
      'the same in other words',
      [
        named('A', 'sum by (job, pod) (rate(log_lines_total{level="ERROR", pod="x"}[5m])) > 0'),
        named('B', '(sum(rate(log_lines_total{pod="x",level="ERROR"}[300s])) by (pod, job)) > 0.0'),
      ],
      'is that of alert A',
    ],
  ],
});
