import { ChartView } from './chart.ts';
import { askProxy } from './client.ts';
import { h } from './dom.ts';
import type { ExploreQuery } from './explore-link.ts';
import { labelTable } from './label-counts.ts';
import { loadPanel, type PanelData } from './load.ts';
import { LogView } from './log-view.ts';
import type { PanelModel } from './model.ts';
import { type ThemeName, themes } from './palette.ts';
import { type QueryFailure, queryFailure } from './query-failure.ts';
import { Repeat } from './repeat.ts';
import { currentRange } from './state.ts';
import { toTable } from './table.ts';
import { TableView } from './table-view.ts';
import type { Range } from './time.ts';

type ViewName = 'Lines' | 'Graph' | 'Table' | 'Labels' | 'Raw';

/** The raw answer is cut here: a browser gets slow with more. */
const rawCharacters = 200_000;

/** The answer of one pane's queries, as lines or a graph, a table, labels, or the raw JSON. */
export class ExploreResult {
  readonly element = h('div', { class: 'explore-result', 'aria-live': 'polite', 'aria-busy': 'false' });
  readonly #views = h('div', { class: 'view-choice', role: 'group', 'aria-label': 'Show as' });
  readonly #failures = h('div', {});
  readonly #body = h('div', { class: 'explore-body' });
  readonly #chart: ChartView;
  readonly #logs: LogView;
  readonly #table = new TableView();
  readonly #labels = new TableView();
  #view: ViewName | undefined;
  #theme: ThemeName;
  #data: PanelData | undefined;
  #panel: PanelModel | undefined;
  #asked = 0;
  #query: ExploreQuery | undefined;
  /** The lines of the same queries again and again. */
  readonly #live = new Repeat(async () => {
    if (this.#query) await this.run(this.#query);
  });

  constructor(theme: ThemeName, zoom: (range: Range) => void, traceUrl: string | undefined) {
    this.#theme = theme;
    this.#chart = new ChartView({ zoom, pick: () => {}, pickExemplar: () => {} });
    this.#logs = new LogView((on) => this.#live.set(on), traceUrl);
    this.element.append(this.#views, this.#failures, this.#body);
  }

  /** Asks each query by itself: one that fails says so, and leaves the answers of the others. */
  async run(query: ExploreQuery): Promise<void> {
    this.#query = query;
    this.#asked += 1;
    const mine = this.#asked;
    this.element.setAttribute('aria-busy', 'true');
    const panel = panelOf(query);
    const range = currentRange({ ...query, refresh: 0 });
    const situation = { values: new Map(), range, width: Math.max(300, this.element.clientWidth) };
    const targets = (panel.targets ?? []).filter(({ expr = '' }) => expr.trim() !== '');
    const answers = await Promise.allSettled(
      targets.map((target) => loadPanel({ ...panel, targets: [target] }, situation, askProxy)),
    );
    if (mine !== this.#asked) return;
    const good = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const failures = answers.flatMap((answer, index): QueryFailure[] =>
      answer.status === 'rejected' ? [{ expr: targets[index]?.expr ?? '', reason: answer.reason }] : [],
    );
    this.#failures.replaceChildren(...failures.map(queryFailure));
    this.#panel = panel;
    this.#data = good.length > 0 ? joined(good) : undefined;
    this.element.setAttribute('aria-busy', 'false');
    this.element.dataset.state = failures.length > 0 ? 'error' : 'ready';
    this.#draw(targets.length);
  }

  setTheme(theme: ThemeName): void {
    this.#theme = theme;
    if (this.#data) this.#draw(1);
  }

  resize(): void {
    this.#chart.resize();
  }

  dispose(): void {
    this.#asked += 1;
    this.#live.set(false);
    this.#chart.dispose();
  }

  #draw(asked: number): void {
    const data = this.#data;
    const panel = this.#panel;
    if (!data || !panel) {
      this.#views.replaceChildren();
      const hint = 'Write a query and run it, or open a saved one.';
      this.#body.replaceChildren(...(asked === 0 ? [h('p', { class: 'message' }, hint)] : []));
      return;
    }
    const names: readonly ViewName[] =
      panel.type === 'logs' ? ['Lines', 'Labels', 'Raw'] : ['Graph', 'Table', 'Labels', 'Raw'];
    const view = names.find((name) => name === this.#view) ?? names[0] ?? 'Raw';
    this.#views.replaceChildren(...names.map((name) => this.#choice(name, name === view)));
    const found = data.lines.length + data.frames.length;
    if (found === 0 && view !== 'Raw')
      this.#body.replaceChildren(h('p', { class: 'message empty' }, 'Nothing found in this time range'));
    else this.#show(view, panel, data);
  }

  #choice(name: ViewName, on: boolean): HTMLElement {
    const click = (): void => {
      this.#view = name;
      this.#draw(1);
      this.#views.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    };
    return h(
      'button',
      { type: 'button', class: 'control', 'aria-pressed': String(on), onclick: click },
      name,
    );
  }

  #show(view: ViewName, panel: PanelModel, data: PanelData): void {
    if (view === 'Lines') {
      this.#logs.show(data.lines);
      this.#body.replaceChildren(this.#logs.element);
    } else if (view === 'Graph') {
      this.#body.replaceChildren(this.#chart.element, this.#chart.legend);
      this.#chart.draw({ panel, data, theme: themes[this.#theme], regions: [] });
    } else if (view === 'Table') {
      this.#table.show(toTable({ ...panel, type: 'table' }, data.frames));
      this.#body.replaceChildren(this.#table.element);
    } else if (view === 'Labels') {
      this.#labels.show(labelTable(data));
      this.#body.replaceChildren(this.#labels.element);
    } else this.#body.replaceChildren(h('pre', { class: 'raw', tabindex: '0' }, rawText(data)));
  }
}

/** A query that selects streams gives lines; one that counts them gives numbers. */
const givesLines = ({ source, exprs }: ExploreQuery): boolean =>
  source === 'loki' && exprs.every((expr) => /^\s*(?:\{|$)/.test(expr));

const panelOf = (query: ExploreQuery): PanelModel => ({
  id: 1,
  type: givesLines(query) ? 'logs' : 'timeseries',
  title: query.exprs.join('  ·  '),
  datasource: { type: query.source },
  targets: query.exprs.map((expr, index) => ({ refId: String.fromCharCode(65 + index), expr })),
  fieldConfig: { defaults: { unit: 'short', custom: { lineWidth: 1, fillOpacity: 5 } }, overrides: [] },
});

function joined(all: readonly PanelData[]): PanelData | undefined {
  const [first] = all;
  return (
    first && {
      ...first,
      frames: all.flatMap(({ frames }) => frames),
      lines: all.flatMap(({ lines }) => lines),
      executed: all.flatMap(({ executed }) => executed),
    }
  );
}

function rawText({ executed }: PanelData): string {
  const text = JSON.stringify(
    executed.map(({ refId, expr, step, body }) => ({ refId, expr, step, body })),
    null,
    2,
  );
  return text.length > rawCharacters ? `${text.slice(0, rawCharacters)}\n… cut` : text;
}
