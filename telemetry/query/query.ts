import type { TargetLabel } from '../contract/labels.ts';
import { type LogLineName, logLine } from '../contract/log-lines.ts';
import type { LogField, streamLabels } from '../contract/logs.ts';
import { type ThresholdName, thresholds } from '../contract/thresholds.ts';
import { type LabelOfSeries, type Matcher, type Matchers, oneOf, type SeriesName } from './series.ts';

/**
 * A query as data: text with typed parts, so that thresholds can move and references can be checked. `Label` is a label
 * of its series: what an alert is told apart by must be one of them.
 */
export interface Query<L extends 'promql' | 'logql' = 'promql' | 'logql', Label extends string = string> {
  readonly language: L;
  readonly parts: readonly Part<Label>[];
}

export type PromqlQuery<Label extends string = string> = Query<'promql', Label>;
export type LogqlQuery = Query<'logql'>;

interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}
export interface SeriesPart<Label extends string = string> {
  readonly kind: 'series';
  readonly name: SeriesName;
  readonly matchers: readonly (readonly [Label, Matcher])[];
}
interface StreamPart {
  readonly kind: 'stream';
  readonly matchers: readonly (readonly [string, Matcher])[];
}
interface LinePart {
  readonly kind: 'line';
  readonly name: LogLineName;
  readonly matchers: readonly (readonly [string, Matcher])[];
}
interface FieldPart {
  readonly kind: 'field';
  readonly name: LogField;
}
interface ThresholdPart {
  readonly kind: 'threshold';
  readonly name: ThresholdName;
  /** Where one rule has a value of its own, whatever the environment's is. */
  readonly value?: number;
}
interface ComputedPart {
  readonly kind: 'computed';
  readonly value: number;
  readonly from: string;
}
export type Part<Label extends string = string> =
  | ComputedPart
  | TextPart
  | SeriesPart<Label>
  | StreamPart
  | LinePart
  | FieldPart
  | ThresholdPart;

type Matchable = Readonly<Record<string, string | Matcher | undefined>>;

function toMatchers<Label extends string>(
  labels: Readonly<Partial<Record<Label, string | Matcher>>>,
): readonly (readonly [Label, Matcher])[] {
  const entries = Object.entries<string | Matcher | undefined>(labels) as [
    Label,
    string | Matcher | undefined,
  ][];
  return entries.flatMap(([label, value]) =>
    value === undefined
      ? []
      : [[label, typeof value === 'string' ? { operator: '=' as const, value } : value] as const],
  );
}

/** Matchers that are written down elsewhere may not name other labels either. */
type NoOthers<M, Label extends string> = { readonly [Other in Exclude<keyof M, Label>]: never };

/** A series of the contract or the catalogue: `series('up', { job: 'loki' })`. */
export function series<S extends SeriesName, M extends Matchers<S>>(
  name: S,
  matchers?: M & NoOthers<M, LabelOfSeries<S>>,
): SeriesPart<LabelOfSeries<S>> {
  return anySeries<S>(name, matchers);
}

/** The same where name and matchers are handed on, and were looked at where they are written. */
export function anySeries<S extends SeriesName>(
  name: S,
  matchers: Matchers<S> = {},
): SeriesPart<LabelOfSeries<S>> {
  return { kind: 'series', name, matchers: toMatchers<LabelOfSeries<S>>(matchers) };
}

export type StreamMatchers = {
  readonly [L in Exclude<TargetLabel, 'instance' | 'job'>]?: string | Matcher;
} & {
  readonly [L in keyof typeof streamLabels]?: (typeof streamLabels)[L][number] | Matcher;
};

/** A log stream selector: `stream({ service: 'sync', level: 'ERROR' })`. */
export function stream(matchers: StreamMatchers): StreamPart {
  return { kind: 'stream', matchers: toMatchers(matchers as Matchable) };
}

/**
 * One of the contract's lines: its streams, its text and its logger; matchers narrow the streams. More of a pipeline
 * may follow: `${line('login_refused')} | json ${field('reason')}`.
 */
export function line(name: LogLineName, matchers: StreamMatchers = {}): LinePart {
  const { level, services } = logLine(name);
  return { kind: 'line', name, matchers: toMatchers({ service: anyOf(services), level, ...matchers }) };
}

const anyOf = (values: readonly string[]): string | Matcher =>
  values.length === 1 && values[0] !== undefined ? values[0] : oneOf(values);

/** A field of the log line, in a LogQL pipeline: `| ${field('request_id')} = "…"`. */
export function field(name: LogField): FieldPart {
  return { kind: 'field', name };
}

/** A named threshold of the contract. The only way a number gets into a rule's comparison. */
export function threshold(name: ThresholdName): ThresholdPart {
  return { kind: 'threshold', name };
}

/**
 * A number that is computed from what the contract declares, and compared with; `from` says how, for whoever reads
 * the rule as data. At most six digits are printed: 14.4 × (1 − 0.999) is 0.0144 and not 0.014400000000000013.
 */
export function computed(value: number, from: string): ComputedPart {
  return { kind: 'computed', value: Number(value.toPrecision(6)), from };
}

function build<L extends 'promql' | 'logql', Label extends string>(
  language: L,
  strings: TemplateStringsArray,
  values: readonly (Part<Label> | Query<L, Label>)[],
): Query<L, Label> {
  const parts: Part<Label>[] = [];
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ kind: 'text', text });
    const value = values[index];
    if (value === undefined) return;
    if ('parts' in value) parts.push(...value.parts);
    else parts.push(value);
  });
  return { language, parts };
}

/** PromQL with typed series and thresholds in its holes. Nested queries are taken as they are. */
export function promql<Label extends string = never>(
  strings: TemplateStringsArray,
  ...values: readonly (SeriesPart<Label> | ThresholdPart | ComputedPart | PromqlQuery<Label>)[]
): PromqlQuery<Label> {
  return build('promql', strings, values);
}

/** LogQL with typed stream selectors, fields and thresholds in its holes. */
export function logql(
  strings: TemplateStringsArray,
  ...values: readonly (StreamPart | LinePart | FieldPart | ThresholdPart | LogqlQuery)[]
): LogqlQuery {
  return build('logql', strings, values);
}

/** Values of thresholds that differ from the contract's defaults. */
export type ThresholdValues = Readonly<Partial<Record<ThresholdName, number>>>;

export function thresholdValue(name: ThresholdName, values: ThresholdValues = {}): number {
  return values[name] ?? thresholds[name].default;
}

const quote = (value: string): string =>
  `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

const renderMatchers = (matchers: SeriesPart['matchers']): string =>
  matchers.map(([label, { operator, value }]) => `${label}${operator}${quote(value)}`).join(', ');

/** The text first: Loki compares bytes faster than it looks at fields. */
function renderLine({ name, matchers }: LinePart): string {
  const { logger, message } = logLine(name);
  const text = message === undefined ? '' : ` |= \`"message":${JSON.stringify(message)}\``;
  return `{${renderMatchers(matchers)}}${text} | ${'logger' satisfies LogField}=${quote(logger)}`;
}

export function renderPart(part: Part, values: ThresholdValues): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'series':
      return part.matchers.length === 0 ? part.name : `${part.name}{${renderMatchers(part.matchers)}}`;
    case 'stream':
      return `{${renderMatchers(part.matchers)}}`;
    case 'line':
      return renderLine(part);
    case 'field':
      return part.name;
    case 'computed':
      return String(part.value);
    case 'threshold':
      return String(part.value ?? thresholdValue(part.name, values));
  }
}

/** The query as Prometheus or Loki reads it: one line, single spaces. */
export function renderQuery(query: Query, values: ThresholdValues = {}): string {
  return tidy(query.parts.map((part) => renderPart(part, values)).join(''));
}

/** Line breaks and indentation of the template are for the reader of the source alone. */
function tidy(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .replace(/\( /g, '(')
    .replace(/ \)/g, ')');
}

/** The same query, its thresholds fixed where `values` has one, also where they had a value of their own. */
export function withThresholds<Q extends Query>(query: Q, values: ThresholdValues): Q {
  const parts = query.parts.map((part) => {
    const value = part.kind === 'threshold' ? values[part.name] : undefined;
    return value === undefined ? part : { ...part, value };
  });
  return { ...query, parts };
}

/** Names of the thresholds a query compares with. */
export function thresholdsOf(query: Query): readonly ThresholdName[] {
  return query.parts.flatMap((part) => (part.kind === 'threshold' ? [part.name] : []));
}
