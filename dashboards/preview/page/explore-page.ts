import { Banner } from './banner.ts';
import { h } from './dom.ts';
import { type ExploreQuery, explorePathOf, maxPanes, readExplore } from './explore-link.ts';
import { ExplorePane } from './explore-pane.ts';
import { queryList } from './query-list.ts';
import { frame, type Shell } from './shell.ts';
import { problemsOf } from './state.ts';

/** Queries in PromQL or LogQL with their answers, one or two side by side. Reads Grafana's Explore links. */
export function explorePage(shell: Shell): void {
  const banner = new Banner();
  const panes = h('div', { class: 'panes' });
  let shown: readonly ExplorePane[] = [];
  const go = (url: string): void => {
    history.pushState(null, '', url);
    draw();
  };
  const draw = (): void => {
    const { queries, problem } = readExplore(new URLSearchParams(location.search));
    const times = queries.flatMap(({ from, to }) =>
      problemsOf(new URLSearchParams({ from, to }), Date.now()),
    );
    banner.say([...(problem === undefined ? [] : [problem]), ...times]);
    for (const pane of shown) pane.dispose();
    const only = (keep: readonly ExploreQuery[]): void => go(explorePathOf(keep));
    shown = queries.map((query, index) => {
      const others = queries.filter((_, other) => other !== index);
      return new ExplorePane(query, shell, {
        changed: (next) => only(queries.map((one, at) => (at === index ? next : one))),
        ...(queries.length < maxPanes && { split: () => only([query, query]) }),
        ...(queries.length > 1 && { close: () => only(others) }),
      });
    });
    panes.replaceChildren(...shown.map(({ element }) => element));
  };
  draw();
  shell.onTheme((theme) => {
    for (const pane of shown) pane.setTheme(theme);
  });
  addEventListener('resize', () => {
    for (const pane of shown) pane.resize();
  });
  addEventListener('popstate', draw);
  frame(shell, { title: 'Explore', content: [banner.element, queryList(go), panes] });
}
