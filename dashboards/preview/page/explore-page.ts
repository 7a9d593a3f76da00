import { askProxy } from './client.ts';
import { h } from './dom.ts';
import { type ExploreQuery, explorePathOf, parseExplore } from './explore-link.ts';
import { loadPanel } from './load.ts';
import type { PanelModel } from './model.ts';
import { themes } from './palette.ts';
import { PanelView } from './panel-view.ts';
import { frame, type Shell } from './shell.ts';
import { currentRange } from './state.ts';
import { timePicker } from './toolbar.ts';

/** One query a pane, in PromQL or LogQL, with its picture and the raw answer. Reads Grafana's Explore links. */
export function explorePage(shell: Shell): void {
  document.title = 'Explore · Sightline';
  const panes = parseExplore(new URLSearchParams(location.search)).map((query) => pane(query, shell));
  frame(shell, { title: 'Explore', content: [h('div', { class: 'panes' }, ...panes)] });
}

function pane(query: ExploreQuery, shell: Shell): HTMLElement {
  const go = (changed: Partial<ExploreQuery>): void => {
    location.href = explorePathOf({ ...query, ...changed });
  };
  const text = h('textarea', { rows: '3', spellcheck: 'false', 'aria-label': 'Query' });
  text.value = query.exprs.join('\n\n');
  const source = h('select', { class: 'control', 'aria-label': 'Data source' });
  for (const name of ['prometheus', 'loki']) {
    const option = h('option', { value: name }, name === 'loki' ? 'Loki' : 'Prometheus');
    option.selected = name === query.source;
    source.append(option);
  }
  const chosenSource = (): 'prometheus' | 'loki' => (source.value === 'loki' ? 'loki' : 'prometheus');
  const exprs = (): readonly string[] => text.value.split(/\n\s*\n/).filter((expr) => expr.trim() !== '');
  const run = (): void => go({ source: chosenSource(), exprs: exprs() });
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  });
  const button = h('button', { type: 'button', class: 'control primary' }, 'Run query');
  button.addEventListener('click', run);
  const time = timePicker({ from: query.from, to: query.to, refresh: 0 }, (from, to) =>
    go({ from, to, source: chosenSource(), exprs: exprs() }),
  );
  const result = h('div', { class: 'explore-result' });
  const raw = h('pre', { class: 'raw', tabindex: '0' });
  void runQuery(query, shell, result, raw);
  return h(
    'section',
    { class: 'pane' },
    h(
      'div',
      { class: 'pane-tools' },
      source,
      time,
      button,
      h('small', {}, 'Ctrl-Enter runs it; an empty line separates queries'),
    ),
    text,
    result,
    h('details', { class: 'row' }, h('summary', {}, 'Raw result'), raw),
  );
}

/** A query that selects streams gives lines; one that counts them gives numbers. */
const givesLines = ({ source, exprs }: ExploreQuery): boolean =>
  source === 'loki' && exprs.every((expr) => expr.trim().startsWith('{'));

/** The raw answer is cut here: a browser gets slow with more. */
const rawCharacters = 200_000;

async function runQuery(
  query: ExploreQuery,
  shell: Shell,
  result: HTMLElement,
  raw: HTMLElement,
): Promise<void> {
  const panel: PanelModel = {
    id: 1,
    type: givesLines(query) ? 'logs' : 'timeseries',
    title: query.exprs.join('  ·  '),
    datasource: { type: query.source },
    targets: query.exprs.map((expr, index) => ({ refId: String.fromCharCode(65 + index), expr })),
    fieldConfig: { defaults: { unit: 'short', custom: { lineWidth: 1, fillOpacity: 5 } }, overrides: [] },
  };
  const situation = () => ({ values: new Map(), range: currentRange({ ...query, refresh: 0 }), width: 1000 });
  const view = new PanelView(panel, themes[shell.theme()], {
    zoom: ({ from, to }) => {
      location.href = explorePathOf({ ...query, from: String(from), to: String(to) });
    },
  });
  shell.onTheme((theme) => view.setTheme(themes[theme]));
  result.replaceChildren(view.element);
  await view.refresh(situation);
  try {
    const { executed } = await loadPanel(panel, situation(), askProxy);
    const text = JSON.stringify(
      executed.map(({ refId, expr, step, body }) => ({ refId, expr, step, body })),
      null,
      2,
    );
    raw.textContent = text.length > rawCharacters ? `${text.slice(0, rawCharacters)}\n… cut` : text;
  } catch (error) {
    raw.textContent = error instanceof Error ? error.message : String(error);
  }
}
