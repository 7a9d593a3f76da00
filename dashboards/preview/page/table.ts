import { displayText, fieldOf } from './field.ts';
import type { Frame } from './frames.ts';
import type { PanelModel } from './model.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Cell {
  readonly text: string;
  /** Where the text leads. */
  readonly href?: string;
  /** What a column is sorted by. */
  readonly sort: number | string;
}

interface Organize {
  readonly excludeByName?: Readonly<Record<string, boolean>>;
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

/**
 * Instant results as a table: series with the same labels become one row with a value column a query, as
 * Grafana's `merge` does; then `organize` hides, orders and renames the columns.
 */
export function toTable(panel: PanelModel, frames: readonly Frame[]): Table {
  const refs = [...new Set(frames.map(({ refId }) => refId))];
  const labels = [...new Set(frames.flatMap((frame) => Object.keys(frame.labels)))];
  const valueColumn = (refId: string): string => (refs.length > 1 ? `Value #${refId}` : 'Value');
  const organize = (panel.transformations ?? []).find(({ id }) => id === 'organize')?.options as
    | Organize
    | undefined;
  const order = (name: string): number => organize?.indexByName?.[name] ?? Number.MAX_SAFE_INTEGER;
  const names = [...labels, ...refs.map(valueColumn)]
    .filter((name) => !organize?.excludeByName?.[name])
    .sort((left, right) => order(left) - order(right));
  const merged = new Map<string, Map<string, string | number | null>>();
  for (const { labels: own, refId, points } of frames) {
    const key = JSON.stringify(labels.map((label) => own[label] ?? ''));
    const row = merged.get(key) ?? new Map<string, string | number | null>(Object.entries(own));
    row.set(valueColumn(refId), points.at(-1)?.[1] ?? null);
    merged.set(key, row);
  }
  const columns = names.map((name) => organize?.renameByName?.[name] ?? name);
  const rows = [...merged.values()].map((row) =>
    names.map((name, index) => cellOf(row.get(name) ?? null, columns[index] ?? name, panel)),
  );
  const sort = panel.options?.sortBy?.[0];
  return sort
    ? sortTable({ columns, rows }, columns.indexOf(sort.displayName), sort.desc ?? false)
    : { columns, rows };
}

function cellOf(value: string | number | null, column: string, panel: PanelModel): Cell {
  if (typeof value === 'string') return { text: value, sort: value };
  return { text: displayText(value, fieldOf(panel, column)), sort: value ?? Number.NEGATIVE_INFINITY };
}

export function sortTable(table: Table, column: number, descending: boolean): Table {
  if (column < 0) return table;
  const compare = (left: number | string, right: number | string): number =>
    typeof left === 'number' && typeof right === 'number'
      ? left - right || 0
      : String(left).localeCompare(String(right));
  const rows = table.rows.toSorted((left, right) => {
    const [a, b] = [left[column]?.sort ?? '', right[column]?.sort ?? ''];
    return descending ? compare(b, a) : compare(a, b);
  });
  return { ...table, rows };
}
