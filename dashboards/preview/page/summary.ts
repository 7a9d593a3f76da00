import { calc } from './calcs.ts';
import type { Exemplar } from './exemplars.ts';
import { displayText, fieldOf } from './field.ts';
import { type Frame, lastValue } from './frames.ts';
import type { PanelData, Region } from './load.ts';
import type { PanelModel } from './model.ts';
import type { Table } from './table.ts';
import { fullTime } from './time.ts';

/** Series that a summary names one by one. */
const named = 5;

const kinds: Readonly<Record<string, string>> = {
  timeseries: 'Time series',
  stat: 'Value',
  gauge: 'Gauge',
  bargauge: 'Bars',
  heatmap: 'Heatmap',
  'state-timeline': 'States over time',
};

/** A chart in words, for those who do not see it: what it is, the newest values, the alerts over it. */
export function summaryOf(panel: PanelModel, data: PanelData, regions: readonly Region[]): string {
  const { frames } = data;
  const what = `${kinds[panel.type] ?? 'Chart'}, ${frames.length} ${frames.length === 1 ? 'series' : 'series'}`;
  const values = frames
    .slice(0, named)
    .map((frame) => `${frame.name} ${textOf(panel, frame, lastValue(frame))}`);
  const more = frames.length > named ? [`and ${frames.length - named} more`] : [];
  const alerts = new Set(regions.map(({ title }) => title));
  const fired = alerts.size > 0 ? ` Alerts in this time: ${[...alerts].join(', ')}.` : '';
  return `${panel.title ?? ''}. ${what}. Last values: ${[...values, ...more].join('; ')}.${fired}`;
}

const textOf = (panel: PanelModel, frame: Frame, value: number | null): string =>
  displayText(value, fieldOf(panel, frame.name));

const statistics = ['lastNotNull', 'min', 'mean', 'max'] as const;

/** The series of a chart as a table: what its picture shows, to be read. */
export function seriesTable(panel: PanelModel, { frames }: PanelData): Table {
  return {
    columns: ['Series', 'Last', 'Min', 'Mean', 'Max'],
    rows: frames.map((frame) => [
      { text: frame.name, sort: frame.name },
      ...statistics.map((id) => {
        const value = calc(id, frame);
        return { text: textOf(panel, frame, value), sort: value ?? Number.NEGATIVE_INFINITY };
      }),
    ]),
  };
}

/** What is drawn over the series: alerts with when they fired. */
export function regionTable(regions: readonly Region[]): Table {
  return {
    columns: ['Alert', 'About', 'From', 'To'],
    rows: regions.map(({ title, text, from, to }) => [
      { text: title, sort: title },
      { text, sort: text },
      { text: fullTime(from), sort: from },
      { text: fullTime(to), sort: to },
    ]),
  };
}

/** Exemplars with the traces they belong to. @param href where a trace is shown */
export function exemplarTable(
  exemplars: readonly Exemplar[],
  unit: (value: number) => string,
  href: (exemplar: Exemplar) => string | undefined,
): Table {
  return {
    columns: ['Exemplar', 'Value', 'Trace'],
    rows: exemplars.map((exemplar) => {
      const link = href(exemplar);
      const trace = exemplar.labels.trace_id ?? '';
      return [
        { text: fullTime(exemplar.time), sort: exemplar.time },
        { text: unit(exemplar.value), sort: exemplar.value },
        { text: trace, sort: trace, ...(link !== undefined && { href: link }) },
      ];
    }),
  };
}
