import { SightlineError } from '../../../telemetry/errors.ts';
import { parseLogql } from '../../../telemetry/query/logql-expression.ts';
import { parsePromql } from '../../../telemetry/query/promql-tree.ts';
import type { Ask } from '../page/load.ts';
import { evaluate } from './evaluate.ts';
import { lineSelector, linesOf, logqlSource } from './logql-source.ts';
import { selects } from './matchers.ts';
import { recordedSeries } from './metric-series.ts';
import { promqlSource } from './promql-source.ts';
import { keyOf, type Result, type Series } from './series.ts';

/**
 * Answers like Prometheus and Loki, from series and lines that are computed from the contract and the catalogue. The
 * same question has the same answer on every machine and at every time.
 * @throws SightlineError SL1619 for a query that it cannot compute
 */
export const askRecorded: Ask = async (source, path, parameters) => {
  const { query = '' } = parameters;
  if (path.includes('/label/')) return { data: labelValues(path, parameters['match[]'] ?? '') };
  const lines = source === 'loki' ? lineSelector(query) : undefined;
  if (lines) return { data: streams(lines, parameters) };
  const expression = source === 'loki' ? parseLogql(query) : parsePromql(query);
  if (!expression) throw unreadable(query);
  const scope = {
    source: source === 'loki' ? logqlSource : promqlSource,
    times: timesOf(source, parameters),
  };
  const isRange = path.endsWith('/query_range');
  return {
    data: {
      resultType: isRange ? 'matrix' : 'vector',
      result: resultOf(evaluate(expression, scope), scope.times, isRange),
    },
  };
};

/** Epoch seconds of what a question gives in seconds or, as Loki takes them, nanoseconds. */
const seconds = (text = '0'): number => (text.length > 15 ? Number(text.slice(0, -6)) / 1000 : Number(text));

function timesOf(
  source: Parameters<Ask>[0],
  parameters: Readonly<Record<string, string>>,
): readonly number[] {
  if (parameters.time !== undefined) return [seconds(parameters.time)];
  const step = Number((parameters.step ?? '15').replace(/s$/, ''));
  // Loki widens a range to multiples of the step; Prometheus is asked for such a range.
  const start = Math.floor(seconds(parameters.start) / step) * step;
  const steps = (seconds(parameters.end) - start) / step;
  const count = (source === 'loki' ? Math.ceil(steps) : Math.floor(steps)) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => start + at * step);
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';

function resultOf({ series }: Result, times: readonly number[], isRange: boolean) {
  const points = ({ values }: Series) =>
    values.flatMap((value, at) =>
      Number.isNaN(value) ? [] : [[times[at] ?? 0, numberText(value)] as const],
    );
  const sorted = series.toSorted((left, right) => (keyOf(left.labels) < keyOf(right.labels) ? -1 : 1));
  return sorted.flatMap((one) => {
    const values = points(one);
    if (values.length === 0) return [];
    return [{ metric: one.labels, ...(isRange ? { values } : { value: values[0] }) }];
  });
}

function streams(selector: Parameters<typeof linesOf>[0], parameters: Readonly<Record<string, string>>) {
  const found = linesOf(selector, seconds(parameters.start), seconds(parameters.end));
  const newest = found.slice(-Number(parameters.limit ?? 100));
  const result = newest.map(({ time, labels, line }, at) => ({
    stream: labels,
    // Lines of one millisecond keep their order.
    values: [[`${time}${String(at).padStart(6, '0')}`, line]],
  }));
  return { resultType: 'streams', result };
}

function labelValues(path: string, selector: string): readonly string[] {
  const label = /\/label\/(\w+)\/values$/.exec(path)?.[1] ?? '';
  const expression = parsePromql(selector);
  if (expression?.kind !== 'selector') return [];
  const found = recordedSeries(expression.name ?? '').filter(({ labels }) =>
    selects(expression.matchers, labels),
  );
  return [...new Set(found.flatMap(({ labels }) => labels[label] ?? []))];
}

const unreadable = (query: string): SightlineError =>
  new SightlineError('SL1619', {
    what: 'the recorded set cannot read a query',
    where: query,
    fix: 'mend the query: npm run check says what is wrong with it',
  });
