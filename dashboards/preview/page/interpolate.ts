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

const variable = /\$(?:\{(\w+(?:\.\w+)*)(?::\w+)?\}|(\w+))/g;

/** A query with its variables filled in; unknown ones stay, so that the error names them. */
export function interpolate(text: string, scope: Scope): string {
  return text.replace(variable, (whole, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain ?? '';
    const known = scope.values.get(name);
    return known ? valueText(known) : (builtIn(name, scope) ?? whole);
  });
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

/** A link with `${__field.labels.x}`, `${__from}` and variables filled in for use in a URL. */
export function interpolateLink(url: string, labels: Readonly<Record<string, string>>, scope: Scope): string {
  const filled = url.replace(/\$\{__field\.labels\.(\w+)\}/g, (_, label: string) =>
    encodeURIComponent(labels[label] ?? ''),
  );
  return interpolate(filled, scope);
}

/** `{{service}} {{check}}` with the labels of a series; without a format, the labels as Prometheus writes them. */
export function legendText(format: string | undefined, labels: Readonly<Record<string, string>>): string {
  if (format && format !== '__auto')
    return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  const { __name__: name = '', ...others } = labels;
  const pairs = Object.entries(others).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name || 'value' : `${name}{${pairs.join(', ')}}`;
}
