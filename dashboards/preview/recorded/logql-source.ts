import { parseLogql } from '../../../telemetry/query/logql-expression.ts';
import type { Expression, LabelMatcher, Selector } from '../../../telemetry/query/promql-tree.ts';
import type { Source } from './evaluate.ts';
import { type RecordedLine, recordedLines } from './log-lines.ts';
import { holds, regExp, selects } from './matchers.ts';
import { keyOf, leaveOut, type Series } from './series.ts';

/** What a line adds to a function over a range of so many seconds. */
const overLines: Readonly<Record<string, (line: string, seconds: number) => number>> = {
  count_over_time: () => 1,
  rate: (_, seconds) => 1 / seconds,
  bytes_over_time: (line) => line.length,
  bytes_rate: (line, seconds) => line.length / seconds,
};

/** Nobody draws a series a request. */
const ofOneRequest = ['request_id', 'trace_id', 'timestamp', 'duration_ms'];

export const logqlSource: Source = {
  select: () => [],
  overRange(name, { operand, rangeMs }, times) {
    const adds = overLines[name];
    if (!adds || operand.kind !== 'selector') return undefined;
    const seconds = rangeMs / 1000;
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const streams = Map.groupBy(linesOf(operand, first - seconds, last), ({ labels }) =>
      keyOf(leaveOut(labels, ofOneRequest)),
    );
    return [...streams.values()].map((lines): Series => {
      const values = times.map(() => Number.NaN);
      for (const { time, line } of lines)
        for (const at of windowsAround(time / 1000, seconds, times))
          values[at] = (Number.isNaN(values[at]) ? 0 : (values[at] ?? 0)) + adds(line, seconds);
      return { labels: leaveOut(lines[0]?.labels ?? {}, ofOneRequest), values };
    });
  },
};

/** Which of the evenly spaced times look back on a moment. */
function windowsAround(moment: number, seconds: number, times: readonly number[]): readonly number[] {
  const [first = 0, second = first + 1] = times;
  const step = second - first;
  const from = Math.max(0, Math.ceil((moment - first) / step));
  const found: number[] = [];
  for (let at = from; at < times.length && (times[at] ?? 0) - moment < seconds; at += 1) found.push(at);
  return found;
}

/** The selector of a query for lines: read as that of a count of them, since only such queries have a tree. */
export function lineSelector(query: string): Selector | undefined {
  const counted: Expression | undefined = parseLogql(`count_over_time(${query} [1m])`);
  const range = counted?.kind === 'call' ? counted.args[0] : undefined;
  return range?.kind === 'range' && range.operand.kind === 'selector' ? range.operand : undefined;
}

/** The lines that a selector and its pipeline leave. @param from epoch seconds */
export function linesOf(selector: Selector, from: number, to: number): readonly RecordedLine[] {
  const streams = selector.matchers.filter(({ label }) => label !== '');
  const stages = selector.matchers.filter(({ label }) => label === '').map(({ value }) => value.trim());
  return stages.reduce<readonly RecordedLine[]>(
    (lines, stage) => through(stage, lines),
    recordedLines(from, to).filter(({ labels }) => selects(streams, labels)),
  );
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"|`[^`]*`';
/** Filters of lines; the grammar takes neighbours for one stage. */
const lineFilter = new RegExp(`(\\|=|!=|\\|~|!~)\\s*(${quoted})\\s*`, 'gy');
const labelFilter = new RegExp(`^\\|\\s*(\\w+)\\s*(=~|!~|!=|=)\\s*(${quoted})$`);

const unquoted = (text: string): string =>
  text.startsWith('`') ? text.slice(1, -1) : String(JSON.parse(text));

/** One stage of a pipeline. What only changes how a line looks lets every line through. */
function through(stage: string, lines: readonly RecordedLine[]): readonly RecordedLine[] {
  const filters = [...stage.matchAll(lineFilter)];
  if (filters.length > 0)
    return lines.filter(({ line }) =>
      filters.every(([, sign = '', text = '']) => lineHolds(sign, unquoted(text), line)),
    );
  if (/^\|\s*json\b/.test(stage)) return lines.map(withFields);
  if (/^\|\s*label_format\b/.test(stage)) return lines.map((line) => relabelled(stage, line));
  const [, label = '', operator = '', value = ''] = labelFilter.exec(stage) ?? [];
  if (label === '') return lines;
  const matcher: LabelMatcher = { label, operator, value: unquoted(value) };
  return lines.filter(({ labels }) => holds(matcher, labels[label] ?? ''));
}

const replacing =
  /^\|\s*label_format\s+(\w+)=`\{\{\s*regexReplaceAll\s+("[^"]*")\s+\.(\w+)\s+("[^"]*")\s*\}\}`$/;

/** A label made of another one by `regexReplaceAll`, the only template that dashboards use. */
function relabelled(stage: string, recorded: RecordedLine): RecordedLine {
  const [, label, pattern, from, to] = replacing.exec(stage) ?? [];
  if (label === undefined || pattern === undefined || from === undefined || to === undefined) return recorded;
  const text = (recorded.labels[from] ?? '').replaceAll(new RegExp(unquoted(pattern), 'g'), unquoted(to));
  return { ...recorded, labels: { ...recorded.labels, [label]: text } };
}

function lineHolds(sign: string, text: string, line: string): boolean {
  const found = sign.endsWith('~') ? regExp(text).test(line) : line.includes(text);
  return sign.startsWith('|') === found;
}

function withFields(recorded: RecordedLine): RecordedLine {
  if (!recorded.line.startsWith('{')) return recorded;
  const parsed = JSON.parse(recorded.line) as Readonly<Record<string, unknown>>;
  const fields = Object.entries(parsed).map(([name, value]) => [name, String(value)] as const);
  return { ...recorded, labels: { ...Object.fromEntries(fields), ...recorded.labels } };
}
