import { Banner } from './banner.ts';
import { askProxy, getJson } from './client.ts';
import { dashboardGrid } from './dashboard-grid.ts';
import { h, redrawControls } from './dom.ts';
import { drawn } from './draw-queue.ts';
import { type LinkContext, linkHref } from './links.ts';
import { type LiveState, listenForChanges } from './live.ts';
import { loadRegions, type Situation } from './load.ts';
import type { DashboardModel } from './model.ts';
import { themes } from './palette.ts';
import { type PanelHost, PanelView } from './panel-view.ts';
import { frame, type Shell } from './shell.ts';
import { currentRange, type PageState, problemsOf, refreshText, stateFrom } from './state.ts';
import { refreshPicker, timePicker, timeSteps } from './toolbar.ts';
import { variableControl } from './variable-control.ts';
import {
  type Chosen,
  chosenFrom,
  type ResolvedVariable,
  resolveVariables,
  toParameters,
  valuesOf,
} from './variable-values.ts';

const load = async (uid: string): Promise<DashboardModel> =>
  (await getJson(`/api/dashboards/${encodeURIComponent(uid)}`)) as DashboardModel;

/** A dashboard, drawn from live data. Its whole state is in the URL. */
export async function dashboardPage(uid: string, shell: Shell): Promise<void> {
  new DashboardPage(await load(uid), shell).start();
}

class DashboardPage {
  readonly #shell: Shell;
  readonly #controls = h('div', { class: 'controls' });
  readonly #variables = h('div', { class: 'variables', role: 'group', 'aria-label': 'Variables' });
  readonly #banner = new Banner();
  #dashboard: DashboardModel;
  #panels: PanelView[] = [];
  #state: PageState;
  #chosen: Chosen;
  #resolved: readonly ResolvedVariable[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshes = 0;

  constructor(dashboard: DashboardModel, shell: Shell) {
    this.#dashboard = dashboard;
    this.#shell = shell;
    [this.#state, this.#chosen] = this.#fromAddress();
  }

  #fromAddress(): [PageState, Chosen] {
    const url = new URLSearchParams(location.search);
    const { time: { from, to } = { from: 'now-1h', to: 'now' }, refresh = '' } = this.#dashboard;
    this.#banner.say(problemsOf(url, Date.now()));
    return [stateFrom(url, { from, to, refresh }), chosenFrom(this.#dashboard, url)];
  }

  start(): void {
    this.#draw();
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
    addEventListener('popstate', () => {
      [this.#state, this.#chosen] = this.#fromAddress();
      void this.#refresh();
    });
    listenForChanges((state) => void this.#follow(state));
    void this.#refresh();
  }

  /** The dashboard's file was saved: the new one takes the place of the old, with the same time and variables. */
  async #follow({ problem }: LiveState): Promise<void> {
    if (problem !== undefined) return this.#banner.say([`Not redrawn. ${problem}`]);
    this.#banner.say([]);
    const next = await load(this.#dashboard.uid).catch((error: unknown) => {
      this.#banner.say([error instanceof Error ? error.message : String(error)]);
    });
    if (!next || JSON.stringify(next) === JSON.stringify(this.#dashboard)) return;
    this.#dashboard = next;
    this.#chosen = new Map([...chosenFrom(next, new URLSearchParams(location.search)), ...this.#chosen]);
    this.#draw();
    await this.#refresh();
  }

  #draw(): void {
    for (const panel of this.#panels) panel.dispose();
    this.#panels = [];
    const host: PanelHost = {
      zoom: ({ from, to }) => this.#setTime(String(from), String(to)),
      links: () => this.#linkContext(),
      traceUrl: this.#shell.config.traceUrl,
    };
    const grid = dashboardGrid(this.#dashboard, (panel) => {
      const view = new PanelView(panel, themes[this.#shell.theme()], host);
      this.#panels.push(view);
      return view;
    });
    frame(this.#shell, {
      title: this.#dashboard.title,
      ...(this.#dashboard.description && { about: this.#dashboard.description }),
      controls: [this.#controls],
      content: [this.#banner.element, this.#variables, grid],
    });
  }

  #linkContext(): Omit<LinkContext, 'scope'> {
    return { from: this.#state.from, to: this.#state.to, variables: toParameters(this.#resolved) };
  }

  #drawControls(): void {
    const refresh = h('button', { type: 'button', class: 'control', 'aria-label': 'Refresh now' }, '↻');
    refresh.addEventListener('click', () => void this.#refresh());
    const scope = { values: valuesOf(this.#resolved), range: currentRange(this.#state), step: 15 };
    const context = { ...this.#linkContext(), scope };
    redrawControls(this.#controls, () => [
      h(
        'nav',
        { 'aria-label': 'Related', class: 'related' },
        ...(this.#dashboard.links ?? []).map((link) =>
          h(
            'a',
            { href: linkHref(link, context), ...(link.targetBlank && { target: '_blank', rel: 'noopener' }) },
            link.title,
          ),
        ),
      ),
      timePicker(this.#state, (from, to) => this.#setTime(from, to)),
      timeSteps(
        () => currentRange(this.#state),
        (from, to) => this.#setTime(from, to),
      ),
      refresh,
      refreshPicker(this.#state.refresh, (seconds) => {
        this.#state = { ...this.#state, refresh: seconds };
        this.#remember();
        this.#schedule();
      }),
    ]);
  }

  #setTime(from: string, to: string): void {
    this.#state = { ...this.#state, from, to };
    this.#remember();
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
    const address = `${location.pathname}?${url.toString()}`;
    if (address !== `${location.pathname}${location.search}`) history.pushState(null, '', address);
    this.#banner.say([]);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#state.refresh === 0) return;
    this.#timer = setTimeout(() => {
      if (document.hidden) this.#schedule();
      else void this.#refresh();
    }, this.#state.refresh * 1000);
  }

  /** @param changed the variable that a person has just chosen anew */
  async #refresh(changed?: string): Promise<void> {
    clearTimeout(this.#timer);
    this.#refreshes += 1;
    const mine = this.#refreshes;
    const range = currentRange(this.#state);
    const resolved = await resolveVariables(this.#dashboard, this.#chosen, range, askProxy, changed);
    if (mine !== this.#refreshes) return;
    this.#resolved = resolved;
    this.#chosen = new Map(resolved.map(({ model, chosen }) => [model.name, chosen]));
    if (changed !== undefined) this.#remember();
    this.#drawVariables();
    this.#drawControls();
    const values = valuesOf(this.#resolved);
    const situation = (): Situation => ({ values, range: currentRange(this.#state), width: 800 });
    const regions = loadRegions(this.#dashboard.annotations.list ?? [], situation(), askProxy)
      // Without annotations the panels still say what they know; their own queries show the same failure.
      .catch(() => [])
      .then((list) => {
        for (const panel of this.#panels) panel.setRegions(list);
      });
    await Promise.all([...this.#panels.map((panel) => panel.refresh(situation)), regions]);
    await drawn();
    document.body.dataset.refreshed = String(Date.now());
    if (mine === this.#refreshes) this.#schedule();
  }

  #drawVariables(): void {
    redrawControls(this.#variables, () =>
      this.#resolved.map((variable) =>
        variableControl(variable, (values) => {
          this.#chosen = new Map([...this.#chosen, [variable.model.name, values]]);
          void this.#refresh(variable.model.name);
        }),
      ),
    );
  }
}
