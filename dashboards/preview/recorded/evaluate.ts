import { SightlineError } from '../../../telemetry/errors.ts';
import type { Aggregation, Call, Expression, Range, Selector } from '../../../telemetry/query/promql-tree.ts';
import { aggregate } from './aggregate.ts';
import { combine } from './binary.ts';
import { bucketQuantile } from './bucket-quantile.ts';
import { nameless, type Result, type Series } from './series.ts';

/** Where the series come from: one for PromQL, one for LogQL. */
export interface Source {
  /** @param times epoch seconds */
  select(selector: Selector, times: readonly number[]): readonly Series[];
  /** A function over a range: `rate`, `count_over_time`. Undefined when it does not know the function. */
  overRange(
    name: string,
    range: Range,
    times: readonly number[],
    parameter: number,
  ): readonly Series[] | undefined;
}

interface Scope {
  readonly source: Source;
  /** Epoch seconds. */
  readonly times: readonly number[];
}

/**
 * Computes as much of PromQL, and of LogQL's metric queries, as dashboards ask for.
 * @throws SightlineError SL1619 for what it cannot compute
 */
export function evaluate(expression: Expression, scope: Scope): Result {
  switch (expression.kind) {
    case 'number':
      return scalar(scope.times.map(() => numberOf(expression.value)));
    case 'selector':
      return vector(scope.source.select(expression, scope.times));
    case 'call':
      return call(expression, scope);
    case 'aggregation':
      return vector(aggregation(expression, scope));
    case 'binary': {
      const [left, right] = [evaluate(expression.left, scope), evaluate(expression.right, scope)];
      return combine(expression, left, right) ?? cannot(expression.operator, expression.text);
    }
    case 'negation': {
      const { scalar: alone, series } = evaluate(expression.operand, scope);
      return { scalar: alone, series: mapped(series, (value) => -value) };
    }
    default:
      return cannot(`a ${expression.kind} here`, expression.text);
  }
}

const vector = (series: readonly Series[]): Result => ({ scalar: false, series });
const scalar = (values: readonly number[]): Result => ({ scalar: true, series: [{ labels: {}, values }] });

/** Number() reads `Inf` as no number. */
const numberOf = (text: string): number => Number(text.replace(/^([+-]?)inf$/i, '$1Infinity'));

const mapped = (series: readonly Series[], change: (value: number, index: number) => number): Series[] =>
  series.map(({ labels, values }) => ({ labels: nameless(labels), values: values.map(change) }));

function aggregation({ operator, grouping, labels, parameter, operand, text }: Aggregation, scope: Scope) {
  const { series } = evaluate(operand, scope);
  const first = parameter ? (evaluate(parameter, scope).series[0]?.values[0] ?? 0) : 0;
  const group = { grouping, labels };
  return aggregate(operator, series, group, first) ?? cannot(operator, text);
}

/** Functions of each value, with the arguments that follow the vector. */
const elementwise: Readonly<Record<string, (value: number, ...others: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  round: (value, to = 1) => Math.round(value / to) * to,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  clamp: (value, low = 0, high = 1) => Math.min(high, Math.max(low, value)),
  clamp_min: (value, low = 0) => Math.max(low, value),
  clamp_max: (value, high = 0) => Math.min(high, value),
};

function call({ name, args, text }: Call, scope: Scope): Result {
  const { times, source } = scope;
  const range = args.find((argument) => argument.kind === 'range');
  const numbers = args.flatMap((argument) => (argument.kind === 'range' ? [] : [argument]));
  if (range) {
    const parameter = numbers[0] ? (evaluate(numbers[0], scope).series[0]?.values[0] ?? 0) : 0;
    return vector(source.overRange(name, range, times, parameter) ?? cannot(name, text));
  }
  if (name === 'time') return scalar(times);
  const [first, second] = args.map((argument) => evaluate(argument, scope));
  if (!first) return cannot(name, text);
  switch (name) {
    case 'vector':
      return vector(first.series);
    case 'scalar':
      return scalar(
        first.series.length === 1 ? (first.series[0]?.values ?? []) : times.map(() => Number.NaN),
      );
    case 'sort':
    case 'sort_desc':
      return first;
    case 'histogram_quantile':
      return vector(second ? bucketQuantile(first.series[0]?.values[0] ?? 0.5, second.series) : []);
    case 'absent':
      return vector([
        {
          labels: {},
          values: times.map((_, at) =>
            first.series.some(({ values }) => !Number.isNaN(values[at] ?? Number.NaN)) ? Number.NaN : 1,
          ),
        },
      ]);
    default: {
      const change = elementwise[name] ?? cannot(name, text);
      const others = args.slice(1).map((argument) => evaluate(argument, scope).series[0]?.values[0] ?? 0);
      return vector(mapped(first.series, (value) => change(value, ...others)));
    }
  }
}

function cannot(what: string, where: string): never {
  throw new SightlineError('SL1619', {
    what: `the recorded set cannot compute ${what}`,
    where,
    fix: 'draw from a running stack with --data live, or teach it in dashboards/preview/recorded',
  });
}
