import { type Expression, partsOf } from './promql-tree.ts';
import { behaviour } from './series-facts.ts';

interface Misuse {
  readonly what: string;
  readonly fix: string;
}

const forCounters = new Set(['rate', 'irate', 'increase', 'resets']);
const forGauges = new Set([
  'avg_over_time',
  'delta',
  'deriv',
  'double_exponential_smoothing',
  'idelta',
  'max_over_time',
  'min_over_time',
  'predict_linear',
  'quantile_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'sum_over_time',
]);

/** Functions for counters on gauges, those for gauges on counters, and counters that are read without any. */
export const misusedMetrics = (tree: Expression): readonly Misuse[] => [
  ...wrongFunctions(tree),
  ...rawCounters(tree),
];

function wrongFunctions(expression: Expression): readonly Misuse[] {
  const below = partsOf(expression).flatMap(wrongFunctions);
  if (expression.kind !== 'call') return below;
  const { name } = expression;
  const own = expression.args.flatMap((argument): readonly Misuse[] => {
    const series = argument.kind === 'range' && argument.operand.kind === 'selector' && argument.operand.name;
    const type = series ? behaviour(series) : undefined;
    if (forCounters.has(name) && type === 'gauge')
      return [
        {
          what: `${name}() takes every fall of ${series} for a restart, and it is a gauge`,
          fix: 'use delta(), deriv() or changes()',
        },
      ];
    return forGauges.has(name) && type === 'counter'
      ? [
          {
            what: `${name}() does not know that ${series} starts at 0 again, and it is a counter`,
            fix: 'use rate() or increase()',
          },
        ]
      : [];
  });
  return [...own, ...below];
}

/** These look at whether a series is there, or when, and not at its value. */
const valueless = new Set(['absent', 'count', 'count_values', 'group', 'timestamp']);

/** Counters whose running total is read: it depends on when the process last started. */
function rawCounters(expression: Expression): readonly Misuse[] {
  switch (expression.kind) {
    case 'selector':
      return expression.name !== undefined && behaviour(expression.name) === 'counter'
        ? [
            {
              what: `it reads the running total of ${expression.name}, which starts at 0 with every restart`,
              fix: 'wrap it into rate() or increase()',
            },
          ]
        : [];
    case 'range':
      return [];
    case 'aggregation':
      return valueless.has(expression.operator) ? [] : rawCounters(expression.operand);
    case 'call':
      return valueless.has(expression.name) ? [] : expression.args.flatMap(rawCounters);
    case 'binary':
      return expression.operator === 'and' || expression.operator === 'unless'
        ? [...rawCounters(expression.left), ...comparedCounters(expression.right)]
        : partsOf(expression).flatMap(rawCounters);
    default:
      return partsOf(expression).flatMap(rawCounters);
  }
}

/** Of the right side of `and` and `unless` only its presence counts, unless it is itself a filter. */
const comparedCounters = (expression: Expression): readonly Misuse[] =>
  expression.kind === 'selector' ? [] : rawCounters(expression);
