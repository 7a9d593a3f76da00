import type { Binary } from '../../../telemetry/query/promql-tree.ts';
import { keep, keyOf, type Labels, leaveOut, nameless, present, type Result, type Series } from './series.ts';

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

const comparison: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

const isThere = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value);

/** An operator between two results; undefined for one that is not known. */
export function combine(binary: Binary, left: Result, right: Result): Result | undefined {
  if (['or', 'and', 'unless'].includes(binary.operator))
    return { scalar: false, series: setOf(binary, left.series, right.series) };
  const pair = pairOf(binary);
  if (!pair) return undefined;
  const keepsName = binary.operator in comparison && !binary.bool;
  const labelsOf = (labels: Labels): Labels => (keepsName ? labels : nameless(labels));
  const onRight = right.series[0]?.values ?? [];
  const onLeft = left.series[0]?.values ?? [];
  if (left.scalar && right.scalar)
    return {
      scalar: true,
      series: [{ labels: {}, values: onLeft.map((value, at) => pair(value, onRight[at])) }],
    };
  if (right.scalar) return vector(left.series, (value, at) => pair(value, onRight[at]), labelsOf);
  if (left.scalar) {
    // A comparison keeps the value of the vector, on whichever side it stands.
    const swapped = (value: number, at: number): number =>
      keepsName && isThere(pair(onLeft[at], value)) ? value : pair(onLeft[at], value);
    return vector(right.series, swapped, labelsOf);
  }
  return { scalar: false, series: joined(binary, left.series, right.series, pair) };
}

const vector = (
  series: readonly Series[],
  change: (value: number, at: number) => number,
  labelsOf: (labels: Labels) => Labels,
): Result => ({
  scalar: false,
  series: present(
    series.map(({ labels, values }) => ({ labels: labelsOf(labels), values: values.map(change) })),
  ),
});

type Pair = (left: number | undefined, right: number | undefined) => number;

function pairOf({ operator, bool }: Binary): Pair | undefined {
  const compute = arithmetic[operator];
  const compare = comparison[operator];
  if (!compute && !compare) return undefined;
  return (left = Number.NaN, right = Number.NaN) => {
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
    if (compute) return compute(left, right);
    const holds = compare?.(left, right) ?? false;
    return bool ? Number(holds) : holds ? left : Number.NaN;
  };
}

/** The labels that both sides must share. */
const matchKey = ({ matching }: Binary, labels: Labels): string =>
  keyOf(matching?.kind === 'on' ? keep(labels, matching.labels) : leaveOut(labels, matching?.labels ?? []));

function joined(
  binary: Binary,
  left: readonly Series[],
  right: readonly Series[],
  pair: Pair,
): readonly Series[] {
  const manyRight = binary.group?.side === 'right';
  const [many, one] = manyRight ? [right, left] : [left, right];
  const partners = Map.groupBy(one, ({ labels }) => matchKey(binary, labels));
  const all = many.flatMap((series): Series[] => {
    const partner = partners.get(matchKey(binary, series.labels))?.[0];
    if (!partner) return [];
    const values = series.values.map((value, at) =>
      manyRight ? pair(partner.values[at], value) : pair(value, partner.values[at]),
    );
    return [{ labels: labelsOfPair(binary, series.labels, partner.labels), values }];
  });
  return present(all);
}

function labelsOfPair({ matching, group }: Binary, many: Labels, one: Labels): Labels {
  if (group) return { ...nameless(many), ...keep(one, group.include) };
  return matching?.kind === 'on' ? keep(many, matching.labels) : leaveOut(many, matching?.labels ?? []);
}

/** `or` takes from the right what the left has not; `and` and `unless` keep of the left by what the right has. */
function setOf(binary: Binary, left: readonly Series[], right: readonly Series[]): readonly Series[] {
  const among = (side: readonly Series[]) => Map.groupBy(side, ({ labels }) => matchKey(binary, labels));
  const filtered = (own: readonly Series[], others: readonly Series[], wanted: boolean): Series[] => {
    const known = among(others);
    return own.map(({ labels, values }) => {
      const partners = known.get(matchKey(binary, labels)) ?? [];
      const hasPartner = (at: number): boolean => partners.some((partner) => isThere(partner.values[at]));
      return { labels, values: values.map((value, at) => (hasPartner(at) === wanted ? value : Number.NaN)) };
    });
  };
  if (binary.operator !== 'or') return present(filtered(left, right, binary.operator === 'and'));
  return merged([...left, ...filtered(right, left, false)]);
}

/** Series of the same labels become one: at each time one of them has a value. */
function merged(series: readonly Series[]): readonly Series[] {
  const groups = Map.groupBy(present(series), ({ labels }) => keyOf(labels));
  return [...groups.values()].map(
    (members): Series => ({
      labels: members[0]?.labels ?? {},
      values: (members[0]?.values ?? []).map(
        (_, at) => members.map(({ values }) => values[at]).find(isThere) ?? Number.NaN,
      ),
    }),
  );
}
