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
    const given = url.getAll(`var-${model.name}`).filter((value) => value !== '' || model.type === 'textbox');
    const values = given.length > 0 ? given : list(model.current?.value);
    return [model.name, values.map((value) => (value === 'All' ? everything : value))];
  });
  return new Map(chosen);
}

const labelValues = /^label_values\(\s*(?:(.+)\s*,\s*)?(\w+)\s*\)$/s;

/**
 * Resolves the variables in their order, since later ones use earlier ones. A variable whose values cannot be
 * had keeps what is chosen; the panels then tell why they show nothing.
 */
export async function resolveVariables(
  dashboard: DashboardModel,
  chosen: Chosen,
  range: Range,
  ask: Ask,
): Promise<readonly ResolvedVariable[]> {
  const resolved: ResolvedVariable[] = [];
  for (const model of dashboard.templating.list ?? []) {
    const own = chosen.get(model.name) ?? [];
    const options = await optionsOf(model, valuesOf(resolved), range, ask).catch(() => []);
    resolved.push({ model, options, chosen: own.length === 0 && model.includeAll ? [everything] : own });
  }
  return resolved;
}

async function optionsOf(
  model: VariableModel,
  values: Values,
  range: Range,
  ask: Ask,
): Promise<readonly string[]> {
  if (model.type === 'datasource') return list(model.current?.value);
  const text = typeof model.query === 'string' ? model.query : (model.query?.query ?? '');
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
      .filter(() => model.type !== 'datasource')
      .map((value) => [`var-${model.name}`, value === everything ? 'All' : value] as const),
  );
}
