import { h } from './dom.ts';
import type { Exemplar } from './exemplars.ts';
import { displayText, fieldOf } from './field.ts';
import type { PanelData, Region } from './load.ts';
import type { PanelModel } from './model.ts';
import { exemplarTable, regionTable, seriesTable } from './summary.ts';
import type { Table } from './table.ts';
import { TableView } from './table-view.ts';
import { traceLink } from './trace-link.ts';

/** The tables that stand for a chart: its series, the alerts over it, its exemplars. */
export class PanelTables {
  readonly element = h('div', { class: 'table-alternative' });
  readonly #views = [new TableView(), new TableView(), new TableView()];

  show(
    panel: PanelModel,
    data: PanelData,
    regions: readonly Region[],
    exemplars: readonly Exemplar[],
    traceUrl: string | undefined,
  ): void {
    const href = ({ labels: { trace_id } }: Exemplar): string | undefined =>
      trace_id === undefined ? undefined : traceLink(trace_id, traceUrl).href;
    const unit = (value: number): string => displayText(value, fieldOf(panel, ''));
    const tables: readonly Table[] = [
      seriesTable(panel, data),
      regionTable(regions),
      exemplarTable(exemplars, unit, href),
    ];
    const shown = this.#views.filter((view, index) => {
      const table = tables[index];
      if (!table || table.rows.length === 0) return false;
      view.show(table);
      return true;
    });
    this.element.replaceChildren(...shown.map(({ element }) => element));
  }
}
