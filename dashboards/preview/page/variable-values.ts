import { interpolate, type Values, type VariableValue } from './interpolate.ts';
import type { Ask } from './load.ts';
import type { DashboardModel, VariableModel } from './model.ts';
import type { Range } from './time.ts';

export const everything = '$__all';

/** What is chosen in each variable; `$__all` stands for everything. */
export type Chosen = ReadonlyMap<string, readonly string[]>;

export interface ResolvedVariable {
  readonly model: VariableModel;
  readonly options: readonly string[];
  readonly chosen: readonly string[];
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;

/** `var-x` of the URL, or what the dashboard starts with. `All` in a URL means everything, as in Grafana. */
export function chosenFrom(dashboard: DashboardModel, url: URLSearchParams): Chosen {
  const chosen = (dashboard.templating.list ?? []).map((model): [string, readonly string[]] => {
    const given = model.skipUrlSync
      ? []
      : url.getAll(`var-${model.name}`).filter((value) => value !== '' || model.type === 'textbox');
    // A box for text starts with its query, which is plain text.
    const initial = model.current?.value ?? (model.type === 'textbox' ? queryText(model) : undefined);
    const values = given.length > 0 ? given : list(initial);
    return [model.name, values.map((value) => (value === 'All' ? everything : value))];
  });
  return new Map(chosen);
}

const labelValues = /^label_values\(\s*(?:(.+)\s*,\s*)?(\w+)\s*\)$/s;

/**
 * Resolves the variables in their order, since later ones use earlier ones. A variable whose values cannot be
 * had keeps what is chosen; the panels then tell why they show nothing.
 * @param changed what a person has just chosen anew: variables that depend on it drop what is no longer theirs
 */
export async function resolveVariables(
  dashboard: DashboardModel,
  chosen: Chosen,
  range: Range,
  ask: Ask,
  changed?: string,
): Promise<readonly ResolvedVariable[]> {
  const resolved: ResolvedVariable[] = [];
  const moved = new Set<string>(changed === undefined ? [] : [changed]);
  for (const model of dashboard.templating.list ?? []) {
    const own = chosen.get(model.name) ?? [];
    const options: readonly string[] = await optionsOf(model, valuesOf(resolved), range, ask).catch(() => []);
    const stale = options.length > 0 && [...moved].some((name) => dependsOn(model, name));
    const kept = stale ? own.filter((value) => value === everything || options.includes(value)) : own;
    if (kept.length < own.length) moved.add(model.name);
    resolved.push({ model, options, chosen: kept.length > 0 ? kept : standard(model, options) });
  }
  return resolved;
}

const queryText = ({ query }: VariableModel): string =>
  typeof query === 'string' ? query : (query?.query ?? '');

const dependsOn = (model: VariableModel, name: string): boolean =>
  new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`).test(queryText(model));

/** What a variable holds when nothing is chosen. */
function standard({ type, includeAll }: VariableModel, options: readonly string[]): readonly string[] {
  if (includeAll) return [everything];
  return type === 'query' || type === 'custom' ? options.slice(0, 1) : [];
}

async function optionsOf(
  model: VariableModel,
  values: Values,
  range: Range,
  ask: Ask,
): Promise<readonly string[]> {
  if (model.type === 'datasource') return list(model.current?.value);
  const text = queryText(model);
  if (model.type === 'custom') return text.split(',').map((part) => part.trim());
  if (model.type !== 'query') return [];
  const [, selector, label = ''] = labelValues.exec(interpolate(text, { values, range, step: 15 })) ?? [];
  if (label === '') return [];
  const bounds = { start: String(range.from / 1000), end: String(range.to / 1000) };
  const parameters = selector ? { ...bounds, 'match[]': selector } : bounds;
  const body = await ask('prometheus', `/api/v1/label/${label}/values`, parameters);
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : [];
  return Array.isArray(data) ? data.filter((value): value is string => typeof value === 'string').sort() : [];
}

/** What `$name` stands for in a query. */
export function valuesOf(resolved: readonly ResolvedVariable[]): Values {
  return new Map(resolved.map((one): [string, VariableValue] => [one.model.name, standsFor(one)]));
}

function standsFor({ model, options, chosen }: ResolvedVariable): VariableValue {
  if (model.type === 'textbox' || model.type === 'datasource')
    return { values: chosen.length > 0 ? chosen : [''], pattern: false };
  const all = chosen.includes(everything);
  if (all && model.allValue !== undefined) return { values: options, raw: model.allValue, pattern: true };
  // Nothing known yet: take whatever has the label, rather than nothing.
  if (all && options.length === 0) return { values: [], raw: '.+', pattern: true };
  return { values: all ? options : chosen, pattern: (model.multi ?? false) || (model.includeAll ?? false) };
}

/** The URL's parameters for what is chosen now, as Grafana writes them. */
export function toParameters(resolved: readonly ResolvedVariable[]): readonly (readonly [string, string])[] {
  return resolved.flatMap(({ model, chosen }) =>
    chosen
      .filter(() => model.type !== 'datasource' && !model.skipUrlSync)
      .map((value) => [`var-${model.name}`, value === everything ? 'All' : value] as const),
  );
}
