import { durationText, type Range, rateIntervalSeconds } from './time.ts';

/** What a variable holds now. `all` is what stands for everything, when everything is chosen. */
export interface VariableValue {
  readonly values: readonly string[];
  /** Grafana's custom all value; used as it is, without escaping. */
  readonly raw?: string;
  /** Several values may be chosen, so that the value stands in a regular expression. */
  readonly pattern: boolean;
}

export type Values = ReadonlyMap<string, VariableValue>;

/** Everything that `$name` can stand for in a query. */
export interface Scope {
  readonly values: Values;
  readonly range: Range;
  /** Seconds between two points. */
  readonly step: number;
}

const variable = /\$(?:\{(\w+(?:\.\w+)*)(?::(\w+))?\}|(\w+))/g;

/** A query with its variables filled in; unknown ones stay, so that the error names them. */
export function interpolate(text: string, scope: Scope): string {
  return text.replace(variable, (whole, braced?: string, format?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    const known = scope.values.get(name);
    return known ? formatted(known, name, format) : (builtIn(name, scope) ?? whole);
  });
}

/** A value as the format after the colon says; without one, as a query needs it. */
function formatted(value: VariableValue, name: string, format: string | undefined): string {
  const plain = value.raw === undefined ? value.values : [value.raw];
  switch (format) {
    case 'percentencode':
      return encodeURIComponent(plain.join(','));
    case 'queryparam':
      return new URLSearchParams(plain.map((one) => [`var-${name}`, one])).toString();
    case 'csv':
    case 'raw':
    case 'text':
      return plain.join(',');
    case 'pipe':
      return plain.join('|');
    default:
      return valueText(value);
  }
}

function builtIn(name: string, { range, step }: Scope): string | undefined {
  const seconds = Math.max(1, Math.round((range.to - range.from) / 1000));
  switch (name) {
    case '__interval':
    case '__auto':
      return durationText(step);
    case '__interval_ms':
      return String(step * 1000);
    case '__rate_interval':
      return durationText(rateIntervalSeconds(step));
    case '__range':
      return `${seconds}s`;
    case '__range_s':
      return String(seconds);
    case '__range_ms':
      return String(range.to - range.from);
    case '__from':
      return String(range.from);
    case '__to':
      return String(range.to);
    default:
      return undefined;
  }
}

function valueText({ values, raw, pattern }: VariableValue): string {
  if (raw !== undefined) return raw;
  // As Grafana does: the query itself quotes it, with backticks where it may hold anything.
  if (!pattern) return values.join(',').replaceAll('`', '');
  const escaped = values.map((value) => inQuotes(value.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&')));
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

/** Patterns stand between double quotes of PromQL or LogQL. */
const inQuotes = (value: string): string => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');

/** What a data link is about: a series, a point of it, a cell of a table. */
export interface LinkSubject {
  readonly labels: Readonly<Record<string, string>>;
  /** Of the series. */
  readonly name?: string;
  readonly value?: number | null;
  /** The value in its unit. */
  readonly text?: string;
  /** Epoch milliseconds. */
  readonly time?: number;
}

/** `${__field.labels.x}`, `${__value.raw}` and the like; a format such as `:percentencode` changes nothing here. */
const subjectVariable =
  /\$\{__(field|series|value|data)\.(?:(labels|fields)(?:\.|\[")(\w+)(?:"\])?|(name|raw|numeric|text|time))(?::\w+)?\}/g;

/** A text, such as the title of a link, with the subject filled in. */
export const fillSubject = (text: string, subject: LinkSubject): string =>
  text.replace(subjectVariable, (_, _object, _map, label: string | undefined, key: string | undefined) =>
    label === undefined ? partOf(subject, key ?? '') : (subject.labels[label] ?? ''),
  );

function partOf({ name = '', value, text = '', time }: LinkSubject, key: string): string {
  if (key === 'name') return name;
  if (key === 'text') return text;
  if (key === 'time') return String(time ?? '');
  return String(value ?? '');
}

/** A link with its subject, `${__from}` and variables filled in for use in a URL. */
export function interpolateLink(
  url: string,
  labels: Readonly<Record<string, string>>,
  scope: Scope,
  subject: Omit<LinkSubject, 'labels'> = {},
): string {
  const filled = url.replace(subjectVariable, (whole) =>
    encodeURIComponent(fillSubject(whole, { ...subject, labels })),
  );
  return interpolate(filled, scope);
}

/** `{{service}} {{check}}` with the labels of a series; without a format, the labels as Prometheus writes them. */
export function legendText(format: string | undefined, labels: Readonly<Record<string, string>>): string {
  if (format && format !== '__auto') {
    const text = (missing: (label: string) => string): string =>
      format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? missing(label)).trim();
    return text(() => '') || text((label) => `no ${label}`);
  }
  const { __name__: name = '', ...others } = labels;
  const pairs = Object.entries(others).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name || 'value' : `${name}{${pairs.join(', ')}}`;
}
