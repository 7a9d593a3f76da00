import type { PanelData } from './load.ts';
import type { Table } from './table.ts';

/** Values of a label that are listed. */
const maxValues = 50;

/** The labels of all lines or series of a result, each value with how many have it. */
export function labelTable({ frames, lines }: Pick<PanelData, 'frames' | 'lines'>): Table {
  const counts = new Map<string, Map<string, number>>();
  const sets = [
    ...frames.map(({ labels }) => labels),
    ...lines.map(({ labels, metadata, parsed }) => ({ ...labels, ...metadata, ...parsed })),
  ];
  for (const labels of sets)
    for (const [name, value] of Object.entries(labels)) {
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  const names = [...counts].sort(([left], [right]) => left.localeCompare(right));
  return {
    columns: ['Label', 'Value', 'Count'],
    rows: names.flatMap(([name, values]) =>
      [...values]
        .sort(([, left], [, right]) => right - left)
        .slice(0, maxValues)
        .map(([value, count]) => [
          { text: name, sort: name },
          { text: value, sort: value },
          { text: String(count), sort: count },
        ]),
    ),
  };
}
