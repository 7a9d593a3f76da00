import { h } from './dom.ts';
import { sortTable, type Table } from './table.ts';

/** A table that keeps its sorting between refreshes. */
export class TableView {
  readonly element = h('div', { class: 'table' });
  #sort: { readonly column: string; readonly descending: boolean } | undefined;

  show(table: Table): void {
    const sort = this.#sort;
    const sorted = sort ? sortTable(table, table.columns.indexOf(sort.column), sort.descending) : table;
    const head = table.columns.map((column) => {
      const direction = sort?.column !== column ? 'none' : sort.descending ? 'descending' : 'ascending';
      const arrow = direction === 'none' ? '' : direction === 'descending' ? ' ↓' : ' ↑';
      const button = h('button', { type: 'button' }, column + arrow);
      button.addEventListener('click', () => {
        this.#sort = { column, descending: direction !== 'descending' };
        this.show(table);
      });
      return h('th', { scope: 'col', 'aria-sort': direction }, button);
    });
    const rows = sorted.rows.map((row) =>
      h(
        'tr',
        {},
        ...row.map(({ text, sort: value, href }) =>
          h(
            'td',
            { class: typeof value === 'number' ? 'number' : '' },
            href === undefined ? text : h('a', { href, target: '_blank', rel: 'noopener' }, text),
          ),
        ),
      ),
    );
    this.element.replaceChildren(
      h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
    );
  }
}
