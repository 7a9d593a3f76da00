import { askProxy, getJson } from './client.ts';
import { h } from './dom.ts';
import { interpolateLink } from './interpolate.ts';
import { loadRegions, type Situation } from './load.ts';
import type { DashboardModel, PanelModel } from './model.ts';
import { themes } from './palette.ts';
import { PanelView } from './panel-view.ts';
import { frame, type Shell } from './shell.ts';
import { currentRange, type PageState, refreshText, stateFrom } from './state.ts';
import { refreshPicker, timePicker, variableControl } from './toolbar.ts';
import {
  type Chosen,
  chosenFrom,
  type ResolvedVariable,
  resolveVariables,
  toParameters,
  valuesOf,
} from './variable-values.ts';

/** A dashboard, drawn from live data. Its whole state is in the URL. */
export async function dashboardPage(uid: string, shell: Shell): Promise<void> {
  const dashboard = (await getJson(`/api/dashboards/${encodeURIComponent(uid)}`)) as DashboardModel;
  new DashboardPage(dashboard, shell).start();
}

class DashboardPage {
  readonly #dashboard: DashboardModel;
  readonly #shell: Shell;
  readonly #panels: PanelView[] = [];
  readonly #controls = h('div', { class: 'controls' });
  readonly #variables = h('div', { class: 'variables' });
  #state: PageState;
  #chosen: Chosen;
  #resolved: readonly ResolvedVariable[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(dashboard: DashboardModel, shell: Shell) {
    this.#dashboard = dashboard;
    this.#shell = shell;
    const url = new URLSearchParams(location.search);
    const { from = 'now-1h', to = 'now' } = dashboard.time ?? {};
    this.#state = stateFrom(url, { from, to, refresh: dashboard.refresh ?? '' });
    this.#chosen = chosenFrom(dashboard, url);
  }

  start(): void {
    document.title = `${this.#dashboard.title} · Sightline`;
    frame(this.#shell, {
      title: this.#dashboard.title,
      ...(this.#dashboard.description && { about: this.#dashboard.description }),
      controls: [this.#controls],
      content: [this.#variables, this.#grid()],
    });
    this.#shell.onTheme((theme) => {
      for (const panel of this.#panels) panel.setTheme(themes[theme]);
    });
    let settled: ReturnType<typeof setTimeout> | undefined;
    addEventListener('resize', () => {
      clearTimeout(settled);
      settled = setTimeout(() => {
        for (const panel of this.#panels) panel.resize();
      }, 100);
    });
    addEventListener('popstate', () => location.reload());
    this.#drawControls();
    void this.#refresh();
  }

  #grid(): HTMLElement {
    const grid = h('div', { class: 'rows' });
    let current = h('div', { class: 'grid' });
    let top = 0;
    const add = (panel: PanelModel): void => {
      const view = new PanelView(panel, themes[this.#shell.theme()], {
        zoom: ({ from, to }) => this.#setTime(String(from), String(to)),
      });
      const { x = 0, y = 0, w = 24, h: height = 8 } = panel.gridPos ?? {};
      view.element.style.gridColumn = `${x + 1} / span ${w}`;
      view.element.style.gridRow = `${y - top + 1} / span ${height}`;
      // What a panel tells about itself opens towards the middle.
      if (x >= 16) view.element.classList.add('at-right');
      this.#panels.push(view);
      current.append(view.element);
    };
    for (const panel of this.#dashboard.panels) {
      if (panel.type !== 'row') {
        if (!current.isConnected && current.parentElement === null) grid.append(current);
        add(panel);
        continue;
      }
      const collapsed = panel.collapsed ?? false;
      top = (panel.gridPos?.y ?? 0) + 1;
      current = h('div', { class: 'grid' });
      const details = h('details', { class: 'row' }, h('summary', {}, panel.title ?? ''), current);
      details.open = !collapsed;
      details.addEventListener('toggle', () => {
        if (details.open) for (const view of this.#panels) if (details.contains(view.element)) view.resize();
      });
      grid.append(details);
      for (const child of panel.panels ?? []) add(child);
    }
    return grid;
  }

  #drawControls(): void {
    const refresh = h('button', { type: 'button', class: 'control', 'aria-label': 'Refresh now' }, '↻');
    refresh.addEventListener('click', () => void this.#refresh());
    const scope = { values: valuesOf(this.#resolved), range: currentRange(this.#state), step: 15 };
    this.#controls.replaceChildren(
      ...(this.#dashboard.links ?? []).map((link) =>
        h('a', { class: 'control', href: interpolateLink(link.url ?? '', {}, scope) }, link.title),
      ),
      timePicker(this.#state, (from, to) => this.#setTime(from, to)),
      refresh,
      refreshPicker(this.#state.refresh, (seconds) => {
        this.#state = { ...this.#state, refresh: seconds };
        this.#remember();
        this.#schedule();
      }),
    );
  }

  #setTime(from: string, to: string): void {
    this.#state = { ...this.#state, from, to };
    this.#remember();
    this.#drawControls();
    void this.#refresh();
  }

  #remember(): void {
    const url = new URLSearchParams([
      ['orgId', '1'],
      ['from', this.#state.from],
      ['to', this.#state.to],
      ['refresh', refreshText(this.#state.refresh)],
      ...toParameters(this.#resolved).map(([name, value]): string[] => [name, value]),
    ]);
    const theme = new URLSearchParams(location.search).get('theme');
    if (theme) url.set('theme', theme);
    history.pushState(null, '', `${location.pathname}?${url.toString()}`);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#state.refresh === 0) return;
    this.#timer = setTimeout(() => {
      if (document.hidden) this.#schedule();
      else void this.#refresh();
    }, this.#state.refresh * 1000);
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const range = currentRange(this.#state);
    this.#resolved = await resolveVariables(this.#dashboard, this.#chosen, range, askProxy);
    this.#drawVariables();
    const values = valuesOf(this.#resolved);
    const situation = (): Situation => ({ values, range: currentRange(this.#state), width: 800 });
    const regions = loadRegions(this.#dashboard.annotations.list ?? [], situation(), askProxy)
      // Without annotations the panels still say what they know; their own queries show the same failure.
      .catch(() => [])
      .then((list) => {
        for (const panel of this.#panels) panel.setRegions(list);
      });
    await Promise.all([...this.#panels.map((panel) => panel.refresh(situation)), regions]);
    document.body.dataset.refreshed = String(Date.now());
    this.#schedule();
  }

  #drawVariables(): void {
    // A box that is open or being typed in is left alone until the reader is done with it.
    if (this.#variables.contains(document.activeElement)) return;
    const controls = this.#resolved.map((variable) =>
      variableControl(variable, (values) => {
        this.#chosen = new Map([...this.#chosen, [variable.model.name, values]]);
        this.#resolved = this.#resolved.map((one) =>
          one.model === variable.model ? { ...one, chosen: values } : one,
        );
        this.#remember();
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        void this.#refresh();
      }),
    );
    this.#variables.replaceChildren(...controls.filter((control) => control !== undefined));
  }
}
