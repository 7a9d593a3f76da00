import type { FieldConfig, Mapping, PanelModel } from './model.ts';
import { namedColor, seriesColor, type Theme } from './palette.ts';
import { formatValue } from './units.ts';

/** The field configuration of one series: the panel's defaults with the overrides that name it. */
export function fieldOf(panel: PanelModel, seriesName: string): FieldConfig {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  let field: Record<string, unknown> = { ...defaults };
  for (const { matcher, properties } of overrides)
    if (matches(matcher, seriesName))
      for (const { id, value } of properties) field = withProperty(field, id.split('.'), value);
  return field;
}

function matches(
  { id, options }: { readonly id: string; readonly options?: unknown },
  name: string,
): boolean {
  if (typeof options !== 'string') return false;
  if (id === 'byName') return options === name;
  if (id !== 'byRegexp') return false;
  try {
    return new RegExp(options.replace(/^\/(.*)\/\w*$/, '$1')).test(name);
  } catch {
    return false;
  }
}

function withProperty(
  field: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...field, [first]: value };
  const inner = field[first];
  const base = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...field, [first]: withProperty(base, rest, value) };
}

interface MappingResult {
  readonly text?: string;
  readonly color?: string;
}

/** What a value mapping says of a value. */
function mapped(value: number | null, mappings: readonly Mapping[] | undefined): MappingResult | undefined {
  if (value === null) return undefined;
  for (const { type, options } of mappings ?? []) {
    if (type === 'value') {
      const hit = (options as Readonly<Record<string, MappingResult>>)[String(value)];
      if (hit) return hit;
    }
    if (type === 'range') {
      const { from, to, result } = options as {
        readonly from: number | null;
        readonly to: number | null;
        readonly result: MappingResult;
      };
      if (value >= (from ?? -Infinity) && value <= (to ?? Infinity)) return result;
    }
  }
  return undefined;
}

/** The value as text: a mapping's, or the number in its unit. */
export const displayText = (value: number | null, field: FieldConfig): string =>
  mapped(value, field.mappings)?.text ??
  (value === null ? (field.noValue ?? '–') : formatValue(value, field.unit, field.decimals));

/** Colour of a value: by mapping, fixed, or by the threshold step it has reached. */
export function valueColor(value: number | null, field: FieldConfig, theme: Theme): string {
  if (value === null) return theme.secondary;
  const byMapping = mapped(value, field.mappings)?.color;
  if (byMapping) return namedColor(byMapping, theme);
  if (field.color?.mode === 'fixed' && field.color.fixedColor)
    return namedColor(field.color.fixedColor, theme);
  const reached = field.thresholds?.steps.findLast((step) => step.value === null || value >= step.value);
  return namedColor(reached?.color ?? 'green', theme);
}

/** Colour of a series that is told apart by its place. */
export const lineColor = (index: number, field: FieldConfig, theme: Theme): string =>
  field.color?.mode === 'fixed' && field.color.fixedColor
    ? namedColor(field.color.fixedColor, theme)
    : seriesColor(index, theme);
