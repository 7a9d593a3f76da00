import { ChartView } from './chart.ts';
import { askProxy } from './client.ts';
import { h } from './dom.ts';
import type { LegendEntry } from './draw-timeseries.ts';
import { type Exemplar, loadExemplars } from './exemplars.ts';
import { explorePath } from './explore-link.ts';
import { displayText, fieldOf } from './field.ts';
import { fillSubject, interpolate, type LinkSubject, type Scope } from './interpolate.ts';
import { openLinkMenu } from './link-menu.ts';
import { type LinkContext, linkHref } from './links.ts';
import { loadPanel, type PanelData, type Region, type Situation } from './load.ts';
import { LogView } from './log-view.ts';
import type { PanelModel } from './model.ts';
import type { Theme } from './palette.ts';
import { type PanelHeader, panelHeader } from './panel-header.ts';
import { PanelTables } from './panel-tables.ts';
import { Repeat } from './repeat.ts';
import { toTable } from './table.ts';
import { TableView } from './table-view.ts';
import { type Range, stepSeconds } from './time.ts';
import { traceLink } from './trace-link.ts';

/** What a panel needs of the page it stands on. */
export interface PanelHost {
  readonly zoom: (range: Range) => void;
  /** What links take along. */
  readonly links: () => Omit<LinkContext, 'scope'>;
  readonly traceUrl: string | undefined;
}

type PanelState = 'loading' | 'ready' | 'empty' | 'error';

/** One panel of the page: asks, draws, and says what went wrong in its own place. */
export class PanelView {
  readonly element: HTMLElement;
  readonly panel: PanelModel;
  readonly #host: PanelHost;
  readonly #body = h('div', { class: 'panel-body' });
  readonly #header: PanelHeader;
  readonly #chart: ChartView;
  readonly #table = new TableView();
  readonly #tables = new PanelTables();
  readonly #logs: LogView;
  #data: PanelData | undefined;
  #situation: (() => Situation) | undefined;
  #theme: Theme;
  #regions: readonly Region[] = [];
  #exemplars: readonly Exemplar[] = [];
  #asTable = false;
  #asked = 0;
  readonly #live = new Repeat(() => this.#refreshLive());

  constructor(panel: PanelModel, theme: Theme, host: PanelHost) {
    this.panel = panel;
    this.#theme = theme;
    this.#host = host;
    this.#chart = new ChartView({
      zoom: host.zoom,
      pick: (entry, at, point) => openLinkMenu(this.#linksOf(entry, point), at),
      pickExemplar: ({ labels: { trace_id } }, at) =>
        openLinkMenu(trace_id === undefined ? [] : [traceLink(trace_id, host.traceUrl)], at),
    });
    this.#logs = new LogView((on) => this.#live.set(on), host.traceUrl);
    this.#header = panelHeader(panel, (on) => {
      this.#asTable = on;
      this.#redraw();
    });
    this.element = h(
      'section',
      {
        class: `panel panel-${panel.type}`,
        'data-panel-id': String(panel.id),
        'data-state': 'loading',
        'aria-labelledby': `title-${panel.id}`,
      },
      this.#header.element,
      this.#body,
    );
    this.#message('Loading…', 'loading');
  }

  /** Asks for the data again. Answers that a later question has overtaken are dropped. */
  async refresh(situation: () => Situation): Promise<void> {
    this.#situation = situation;
    this.#asked += 1;
    const mine = this.#asked;
    this.#setLinks();
    if (this.panel.type === 'text') return this.#showText();
    try {
      const now = { ...situation(), width: Math.max(200, this.#body.clientWidth) };
      const data = await loadPanel(this.panel, now, askProxy);
      if (mine !== this.#asked) return;
      this.#data = data;
      this.#exemplars = [];
      this.#show(data);
      void this.#addExemplars(now, data.step, mine);
    } catch (error) {
      if (mine === this.#asked)
        this.#message(error instanceof Error ? error.message : String(error), 'error');
    }
  }

  /** Exemplars come after the lines: a store that has none to give leaves the panel as it is. */
  async #addExemplars(situation: Situation, step: number, mine: number): Promise<void> {
    const exemplars = await loadExemplars(this.panel, situation, step, askProxy).catch(() => []);
    if (mine !== this.#asked || exemplars.length === 0) return;
    this.#exemplars = exemplars;
    this.element.dataset.exemplars = String(exemplars.length);
    this.#redraw();
  }

  #show(data: PanelData): void {
    const start = performance.now();
    this.#place(data);
    performance.measure('panel drawn', { start, detail: this.panel.id });
  }

  #place(data: PanelData): void {
    const [first] = data.executed;
    if (first)
      this.#header.explore.href = explorePath(
        first.source,
        data.executed.map(({ expr }) => expr),
        data.range,
      );
    const points = data.frames.reduce((sum, frame) => sum + frame.points.length, 0);
    this.element.dataset.series = String(data.frames.length);
    this.element.dataset.lines = String(data.lines.length);
    if (this.panel.type === 'logs') {
      this.#logs.show(data.lines);
      this.#hold(this.#logs.element);
      this.element.dataset.state = data.lines.length > 0 ? 'ready' : 'empty';
      return;
    }
    this.element.dataset.state = 'ready';
    if (points === 0) this.#message('No data in this time range', 'empty');
    else if (this.panel.type === 'table') {
      this.#table.show(toTable(this.panel, data.frames));
      this.#hold(this.#table.element);
    } else if (this.#asTable) {
      this.#tables.show(this.panel, data, this.#regions, this.#exemplars, this.#host.traceUrl);
      this.#hold(this.#tables.element);
    } else {
      this.#hold(this.#chart.element, this.panel.type === 'timeseries' ? this.#chart.legend : undefined);
      this.#chart.draw({
        ...{ panel: this.panel, data, theme: this.#theme, regions: this.#regions },
        ...(this.#exemplars.length > 0 && { exemplars: this.#exemplars }),
      });
    }
  }

  /** The text with its variables filled in. What reads Markdown is loaded by those who need it. */
  async #showText(): Promise<void> {
    const { content = '', mode } = this.panel.options ?? {};
    const scope = this.#scope();
    const text = scope ? interpolate(content, scope) : content;
    if (mode === 'code' || mode === 'html') {
      this.#hold(h('pre', { class: 'code', tabindex: '0' }, text));
    } else {
      const { markdown } = await import('./markdown.ts');
      this.#hold(markdown(text));
    }
    this.element.dataset.state = 'ready';
  }

  #hold(...parts: readonly (HTMLElement | undefined)[]): void {
    const wanted = parts.filter((part) => part !== undefined);
    const held = [...this.#body.children];
    if (held.length === wanted.length && wanted.every((part, index) => part === held[index])) return;
    this.#body.replaceChildren(...wanted);
  }

  #message(text: string, state: PanelState): void {
    this.element.dataset.state = state;
    this.#body.replaceChildren(
      h('p', { class: `message ${state}`, ...(state === 'error' && { role: 'alert' }) }, text),
    );
  }

  #redraw(): void {
    if (this.#data && this.element.dataset.state === 'ready') this.#show(this.#data);
  }

  setRegions(regions: readonly Region[]): void {
    const same = JSON.stringify(regions) === JSON.stringify(this.#regions);
    this.#regions = regions;
    if (!same && this.panel.type === 'timeseries') this.#redraw();
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#redraw();
  }

  resize(): void {
    this.#chart.resize();
  }

  dispose(): void {
    this.#asked += 1;
    this.#live.set(false);
    this.#chart.dispose();
  }

  async #refreshLive(): Promise<void> {
    if (!this.element.isConnected) this.#live.set(false);
    else if (this.#situation) await this.refresh(this.#situation);
  }

  #scope(): Scope | undefined {
    const situation = this.#situation?.();
    if (!situation) return undefined;
    const { values, range, width } = situation;
    return { values, range, step: this.#data?.step ?? stepSeconds(range, width / 2) };
  }

  #setLinks(): void {
    const scope = this.#scope();
    if (!scope) return;
    const context: LinkContext = { ...this.#host.links(), scope };
    this.#header.setLinks(
      (this.panel.links ?? []).map((link) => ({ title: link.title, href: linkHref(link, context) })),
    );
  }

  /** The data links of a series. */
  #linksOf({ name, labels }: LegendEntry, { time, value }: { time?: number; value?: number }) {
    const scope = this.#scope();
    if (!scope) return [];
    const field = fieldOf(this.panel, name);
    const subject: LinkSubject = {
      ...{ name, labels },
      ...(time !== undefined && { time }),
      ...(value !== undefined && { value, text: displayText(value, field) }),
    };
    const context: LinkContext = { ...this.#host.links(), scope };
    return (field.links ?? []).map((link) => ({
      title: fillSubject(link.title, subject),
      href: linkHref(link, context, subject),
    }));
  }
}
