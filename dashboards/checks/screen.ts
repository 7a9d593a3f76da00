import { type Placed, record } from '../placed.ts';
import type { Finding } from './asked.ts';

/**
 * A laptop's screen, in CSS pixels: what 1440 × 900 leaves of Grafana's page beside its margins and scroll bar, and
 * what it leaves below the browser's and Grafana's own bars.
 */
const screen = { width: 1440 - 48, height: 900 - 210 } as const;
const columnPixels = screen.width / 24;
/** A row of Grafana's grid with the gap below it. */
const rowPixels = 38;
/** Rows of the grid that are seen at once. */
export const rowsOnScreen = Math.floor(screen.height / rowPixels);

/** What is needed to read a panel: columns and rows of the grid. */
const least: Readonly<Record<string, readonly [width: number, height: number]>> = {
  bargauge: [4, 4],
  gauge: [3, 4],
  heatmap: [8, 6],
  logs: [12, 6],
  'state-timeline': [8, 5],
  stat: [3, 3],
  table: [8, 5],
  text: [4, 2],
  timeseries: [6, 5],
};
/** A legend as a table beside the lines takes as much room as they need. */
const withLegendBeside = 10;
/** A column of a table with a number and its unit, or a short word. */
const tableColumnPixels = 90;
const titleCharacterPixels = 7.2;
/** What stands in a panel's header beside its title: padding, the sign of a description, the menu. */
const headerPixels = 50;

/** What cannot be read at 1440 × 900. */
export function screenFindings(placed: readonly Placed[]): readonly Finding[] {
  return placed.flatMap(({ panel, where }) => {
    const { w = 0, h = 0 } = panel.gridPos ?? {};
    const pixels = Math.floor(w * columnPixels);
    const [columns, rows] = leastSize(panel.type, panel.options);
    const wanted = [
      ...(w < columns
        ? [`${panel.type} of ${w} columns is ${pixels} px wide on a laptop, and needs ${columns} columns`]
        : []),
      ...(h < rows ? [`${panel.type} of ${h} rows is ${h * rowPixels} px high, and needs ${rows} rows`] : []),
    ];
    const titleNeeds = (panel.title ?? '').length * titleCharacterPixels + headerPixels;
    const tableNeeds = panel.type === 'table' ? columnsOfTable(panel.transformations) * tableColumnPixels : 0;
    return [
      ...wanted.map((what) => ({ what, where, fix: 'give it more room, or fewer panels to its line' })),
      ...(titleNeeds > pixels
        ? [
            {
              what: `its title is cut off on ${pixels} px`,
              where,
              fix: 'shorten the title, or widen the panel',
            },
          ]
        : []),
      ...(tableNeeds > pixels
        ? [
            {
              what: `its columns need ${tableNeeds} px and have ${pixels} on a laptop`,
              where,
              fix: 'leave columns out, or widen the panel',
            },
          ]
        : []),
    ];
  });
}

function leastSize(type: string, options: unknown): readonly [number, number] {
  const [width, height] = least[type] ?? [1, 1];
  const beside = record(record(options).legend).placement === 'right';
  return [beside ? Math.max(width, withLegendBeside) : width, height];
}

/** Columns that the last step of a table names. */
function columnsOfTable(transformations: unknown): number {
  const steps = Array.isArray(transformations) ? transformations : [];
  const organize = steps.map(record).find(({ id }) => id === 'organize');
  return Object.keys(record(record(organize?.options).renameByName)).length;
}
