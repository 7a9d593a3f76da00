import { ChartView } from './chart.ts';
import { askProxy } from './client.ts';
import { h } from './dom.ts';
import type { LegendEntry } from './draw-timeseries.ts';
import { explorePath } from './explore-link.ts';
import { interpolateLink, type Scope } from './interpolate.ts';
import { loadPanel, type PanelData, type Region, type Situation } from './load.ts';
import { LogView } from './log-view.ts';
import type { LinkModel, PanelModel } from './model.ts';
import type { Theme } from './palette.ts';
import { toTable } from './table.ts';
import { TableView } from './table-view.ts';
import type { Range } from './time.ts';

export interface PanelEvents {
  readonly zoom: (range: Range) => void;
}

/** Seconds between two looks at the newest lines while a log panel is live. */
const liveSeconds = 2;

/** One panel of the page: asks, draws, and says what went wrong in its own place. */
export class PanelView {
  readonly element: HTMLElement;
  readonly panel: PanelModel;
  readonly #body = h('div', { class: 'panel-body' });
  readonly #chart: ChartView;
  readonly #table = new TableView();
  readonly #logs: LogView;
  readonly #explore = h('a', { class: 'panel-explore', target: '_blank', rel: 'noopener' }, 'Explore');
  #data: PanelData | undefined;
  #situation: (() => Situation) | undefined;
  #theme: Theme;
  #regions: readonly Region[] = [];
  #asked = 0;
  #live: ReturnType<typeof setInterval> | undefined;

  constructor(panel: PanelModel, theme: Theme, events: PanelEvents) {
    this.panel = panel;
    this.#theme = theme;
    this.#chart = new ChartView({ zoom: events.zoom, pick: (entry, at) => this.#showLinks(entry, at) });
    this.#logs = new LogView((on) => this.#setLive(on));
    const title = panel.title ?? '';
    this.#explore.setAttribute('aria-label', `Explore the query of ${title}`);
    this.element = h(
      'section',
      {
        class: `panel panel-${panel.type}`,
        'data-panel-id': String(panel.id),
        'data-state': 'loading',
        'aria-label': title,
      },
      h('header', { class: 'panel-header' }, h('h3', {}, title), this.#describe(), this.#explore),
      this.#body,
    );
    if (panel.type === 'text') this.#message(panel.options?.content ?? '', 'ready');
    else this.#message('Loading…', 'loading');
  }

  #describe(): HTMLElement | undefined {
    const text = this.panel.description ?? '';
    if (text === '') return undefined;
    const id = `about-${this.panel.id}`;
    return h(
      'span',
      { class: 'about' },
      h('button', { type: 'button', 'aria-label': 'About this panel', 'aria-describedby': id }, 'i'),
      h('span', { class: 'about-text', role: 'tooltip', id }, text),
    );
  }

  /** Asks for the data again. Answers that a later question has overtaken are dropped. */
  async refresh(situation: () => Situation): Promise<void> {
    if (this.panel.type === 'text') return;
    this.#situation = situation;
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const width = Math.max(200, this.#body.clientWidth);
      const data = await loadPanel(this.panel, { ...situation(), width }, askProxy);
      if (mine !== this.#asked) return;
      this.#data = data;
      this.#show(data);
    } catch (error) {
      if (mine === this.#asked)
        this.#message(error instanceof Error ? error.message : String(error), 'error');
    }
  }

  #show(data: PanelData): void {
    const [first] = data.executed;
    if (first)
      this.#explore.href = explorePath(
        first.source,
        data.executed.map(({ expr }) => expr),
        data.range,
      );
    const points = data.frames.reduce((sum, frame) => sum + frame.points.length, 0);
    this.element.dataset.series = String(data.frames.length);
    this.element.dataset.lines = String(data.lines.length);
    if (this.panel.type === 'logs') {
      this.#logs.show(data.lines);
      this.#place(this.#logs.element);
      this.element.dataset.state = data.lines.length > 0 ? 'ready' : 'empty';
    } else if (points === 0) this.#message('No data in this time range', 'empty');
    else {
      if (this.panel.type === 'table') {
        this.#table.show(toTable(this.panel, data.frames));
        this.#place(this.#table.element);
      } else {
        const withLegend = this.panel.type === 'timeseries';
        this.#place(this.#chart.element, withLegend ? this.#chart.legend : undefined);
        this.#chart.draw(this.panel, data, this.#theme, this.#regions);
      }
      this.element.dataset.state = 'ready';
    }
  }

  #place(...parts: readonly (HTMLElement | undefined)[]): void {
    const wanted = parts.filter((part) => part !== undefined);
    if (wanted.every((part) => part.parentElement === this.#body)) return;
    this.#body.replaceChildren(...wanted);
  }

  #message(text: string, state: 'loading' | 'ready' | 'empty' | 'error'): void {
    this.element.dataset.state = state;
    const alert = state === 'error' ? { role: 'alert' } : {};
    this.#body.replaceChildren(h('p', { class: `message ${state}`, ...alert }, text));
  }

  setRegions(regions: readonly Region[]): void {
    this.#regions = regions;
    if (this.#data && this.element.dataset.state === 'ready') this.#show(this.#data);
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.resize();
    if (this.#data && this.element.dataset.state === 'ready') this.#show(this.#data);
  }

  resize(): void {
    this.#chart.resize();
  }

  #setLive(on: boolean): void {
    clearInterval(this.#live);
    this.#live = undefined;
    if (!on) return;
    this.#live = setInterval(() => {
      if (!this.element.isConnected) return this.#setLive(false);
      const situation = this.#situation;
      if (situation) void this.refresh(situation);
    }, liveSeconds * 1000);
  }

  /** The data links of a series, beside the pointer. */
  #showLinks(entry: LegendEntry, at: { readonly x: number; readonly y: number }): void {
    const data = this.#data;
    const links = this.panel.fieldConfig?.defaults.links ?? [];
    const values = this.#situation?.().values;
    if (!data || !values || links.length === 0) return;
    const scope: Scope = { values, range: data.range, step: data.step };
    const menu = h(
      'div',
      { class: 'link-menu', role: 'menu' },
      ...links.map((link) => linkItem(link, entry, scope)),
    );
    menu.style.left = `${Math.min(at.x, innerWidth - 260)}px`;
    menu.style.top = `${at.y + scrollY + 8}px`;
    document.body.append(menu);
    menu.querySelector('a')?.focus();
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
      menu.remove();
      document.removeEventListener('pointerup', close);
      document.removeEventListener('keydown', close);
    };
    setTimeout(() => {
      document.addEventListener('pointerup', close);
      document.addEventListener('keydown', close);
    });
  }
}

function linkItem(link: LinkModel, { labels }: LegendEntry, scope: Scope): HTMLElement {
  const title = link.title.replace(
    /\$\{__field\.labels\.(\w+)\}/g,
    (_, label: string) => labels[label] ?? '',
  );
  return h(
    'a',
    {
      href: interpolateLink(link.url ?? '', labels, scope),
      target: '_blank',
      rel: 'noopener',
      role: 'menuitem',
    },
    title,
  );
}
