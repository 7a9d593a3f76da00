import { calc, calcTitle } from './calcs.ts';
import { h } from './dom.ts';
import type { ChartContent } from './draw-parts.ts';
import { type LegendEntry, legendOf } from './draw-timeseries.ts';
import { displayText, fieldOf } from './field.ts';

/** Names of the series, with the values that the panel asks for, and which of them are drawn. */
export class Legend {
  readonly element = h('div', { class: 'legend', role: 'group', 'aria-label': 'Series' });
  readonly #changed: () => void;
  #shown: ReadonlySet<string> | undefined;

  /** @param changed called when another choice of series is to be drawn */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** undefined means all. */
  get shown(): ReadonlySet<string> | undefined {
    return this.#shown;
  }

  show(content: ChartContent): void {
    const { showLegend = true, displayMode = 'list', calcs = [] } = content.panel.options?.legend ?? {};
    if (!showLegend) return;
    const entries = legendOf({ ...content, width: 0, height: 0, legend: false });
    const focused = this.element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-series')
      : undefined;
    const values = (name: string): readonly string[] => {
      const frame = content.data.frames.find((one) => one.name === name);
      const field = fieldOf(content.panel, name);
      return calcs.map((id) => (frame ? displayText(calc(id, frame), field) : ''));
    };
    this.element.classList.toggle('as-table', displayMode === 'table');
    this.element.replaceChildren(
      displayMode === 'table'
        ? this.#table(entries, calcs, values)
        : h(
            'div',
            { class: 'legend-list' },
            ...entries.map((entry) => {
              const shown = values(entry.name).map(
                (text, index) => `${calcTitle(calcs[index] ?? '')}: ${text}`,
              );
              return h(
                'span',
                { class: 'legend-entry' },
                this.#button(entry, entries),
                ...shown.map((text) => h('span', { class: 'legend-value' }, text)),
              );
            }),
          ),
    );
    if (typeof focused !== 'string') return;
    for (const button of this.element.querySelectorAll('button'))
      if (button.dataset.series === focused) button.focus();
  }

  #table(
    entries: readonly LegendEntry[],
    calcs: readonly string[],
    values: (name: string) => readonly string[],
  ): HTMLElement {
    return h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...['Name', ...calcs.map(calcTitle)].map((title) => h('th', { scope: 'col' }, title))),
      ),
      h(
        'tbody',
        {},
        ...entries.map((entry) =>
          h(
            'tr',
            {},
            h('td', {}, this.#button(entry, entries)),
            ...values(entry.name).map((text) => h('td', { class: 'number' }, text)),
          ),
        ),
      ),
    );
  }

  #button({ name, color }: LegendEntry, entries: readonly LegendEntry[]): HTMLElement {
    const on = !this.#shown || this.#shown.has(name);
    const dash = h('span', { class: 'dash' });
    dash.style.background = color;
    const click = (event: Event): void =>
      this.#toggle(name, entries, event instanceof MouseEvent && (event.ctrlKey || event.metaKey));
    return h(
      'button',
      {
        type: 'button',
        class: on ? '' : 'off',
        'aria-pressed': String(on),
        'data-series': name,
        title: `${name}: click shows it alone, Ctrl-click adds or takes away`,
        onclick: click,
      },
      dash,
      h('span', { class: 'name' }, name),
    );
  }

  #toggle(name: string, entries: readonly LegendEntry[], add: boolean): void {
    const all = new Set(entries.map((entry) => entry.name));
    const now = this.#shown ?? all;
    if (add) {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      this.#shown = next.size === 0 || next.size === all.size ? undefined : next;
    } else this.#shown = now.size === 1 && now.has(name) ? undefined : new Set([name]);
    this.#changed();
  }
}
