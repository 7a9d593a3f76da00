import type { DashboardModel, PanelModel } from '../page/model.ts';
import type { Box } from './elements.ts';

/** Pixels: of a row of Grafana's grid, between two panels, and around all. */
const cell = 38;
const gap = 8;
export const margin = 16;

export interface PlacedPanel {
  readonly panel: PanelModel;
  readonly box: Box;
}

interface Layout {
  readonly panels: readonly PlacedPanel[];
  readonly rows: readonly PlacedPanel[];
  /** Of the grid, in pixels. */
  readonly height: number;
}

/** Where everything stands below the heading. Panels of a collapsed row are not shown, as in Grafana. */
export function layoutOf(dashboard: DashboardModel, width: number, top: number): Layout {
  const column = (width - 2 * margin + gap) / 24;
  const place = (panel: PanelModel): PlacedPanel => {
    const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 24, h: 8 };
    return {
      panel,
      box: {
        x: Math.round(margin + x * column),
        y: top + y * cell,
        width: Math.round(margin + (x + w) * column) - gap - Math.round(margin + x * column),
        height: h * cell - gap,
      },
    };
  };
  const rows = dashboard.panels.filter(({ type }) => type === 'row');
  const shown = dashboard.panels.flatMap((panel) =>
    panel.type !== 'row' ? [panel] : panel.collapsed ? [] : (panel.panels ?? []),
  );
  const placed = { panels: shown.map(place), rows: rows.map(place) };
  const bottoms = [...placed.panels, ...placed.rows].map(({ box }) => box.y + box.height);
  return { ...placed, height: Math.max(top, ...bottoms) - top };
}
