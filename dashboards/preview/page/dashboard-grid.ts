import { h } from './dom.ts';
import type { DashboardModel, PanelModel } from './model.ts';
import type { PanelView } from './panel-view.ts';

/** Columns of 24: with less there is no room beside the title. */
const narrowWidth = 6;

/** The panels of a dashboard in their rows. @param view makes one, in the order of the dashboard */
export function dashboardGrid(
  dashboard: DashboardModel,
  view: (panel: PanelModel) => PanelView,
): HTMLElement {
  const rows = h('div', { class: 'rows' });
  let current: { readonly grid: HTMLElement; readonly views: PanelView[]; readonly top: number } | undefined;
  const add = (panel: PanelModel): void => {
    current ??= openSection(rows, 0);
    const made = view(panel);
    const { x = 0, y = 0, w = 24, h: height = 8 } = panel.gridPos ?? {};
    made.element.style.gridColumn = `${x + 1} / span ${w}`;
    made.element.style.gridRow = `${y - current.top + 1} / span ${height}`;
    // What a panel tells about itself opens towards the middle.
    if (x >= 16) made.element.classList.add('at-right');
    if (w <= narrowWidth) made.element.classList.add('narrow');
    current.views.push(made);
    current.grid.append(made.element);
  };
  for (const panel of dashboard.panels) {
    if (panel.type !== 'row') add(panel);
    else {
      current = openRow(rows, panel);
      for (const child of panel.panels ?? []) add(child);
    }
  }
  return rows;
}

function openSection(rows: HTMLElement, top: number) {
  const grid = h('div', { class: 'grid' });
  rows.append(h('h2', { class: 'unseen' }, 'Panels'), grid);
  return { grid, views: [], top };
}

function openRow(rows: HTMLElement, { title = '', collapsed = false, gridPos }: PanelModel) {
  const grid = h('div', { class: 'grid' });
  const views: PanelView[] = [];
  const details = h('details', { class: 'row' }, h('summary', {}, h('h2', {}, title)), grid);
  details.open = !collapsed;
  details.addEventListener('toggle', () => {
    if (details.open) for (const view of views) view.resize();
  });
  rows.append(details);
  return { grid, views, top: (gridPos?.y ?? 0) + 1 };
}
