import { SightlineError } from '../../telemetry/errors.ts';
import { type Ask, loadPanel, loadRegions } from './page/load.ts';
import type { DashboardModel, PanelModel } from './page/model.ts';
import { fontFamily, themes } from './page/palette.ts';
import { rangeOf } from './page/time.ts';
import { chosenFrom, resolveVariables, valuesOf } from './page/variable-values.ts';
import { chartSvg } from './picture/chart-svg.ts';

/** All panels, those of collapsed rows included. */
const panelsOf = (dashboard: DashboardModel): readonly PanelModel[] =>
  dashboard.panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

interface Picture {
  readonly dashboard: DashboardModel;
  readonly panelId: number;
  /** `from`, `to`, `var-…`, `theme`, `width` and `height` (pixels, 100 to 3000), as in the page's URL. */
  readonly parameters: URLSearchParams;
}

/**
 * One panel as SVG, drawn from live data without a browser.
 * @throws SightlineError SL1613 when the panel does not exist or is text (a table, logs)
 */
export async function renderSvg({ dashboard, panelId, parameters }: Picture, ask: Ask): Promise<string> {
  const panel = panelsOf(dashboard).find(({ id }) => id === panelId);
  if (!panel) throw missing(`no panel ${panelId}`, dashboard.uid);
  const range = rangeOf(
    parameters.get('from') ?? dashboard.time?.from ?? 'now-1h',
    parameters.get('to') ?? dashboard.time?.to ?? 'now',
    Date.now(),
  );
  const width = size(parameters.get('width'), 800);
  const height = size(parameters.get('height'), 320);
  const resolved = await resolveVariables(dashboard, chosenFrom(dashboard, parameters), range, ask);
  const situation = { values: valuesOf(resolved), range, width };
  const [data, regions] = await Promise.all([
    loadPanel(panel, situation, ask),
    loadRegions(dashboard.annotations.list ?? [], situation, ask),
  ]);
  const theme = themes[parameters.get('theme') === 'light' ? 'light' : 'dark'];
  const drawing = { panel, data, theme, regions, width, height, legend: true };
  const svg = await chartSvg(drawing, theme.background);
  if (svg === undefined)
    throw missing(`panel ${panelId} is of type ${panel.type}, which has no picture`, dashboard.uid);
  return svg.replace('<svg ', `<svg font-family="${fontFamily}" `);
}

function size(text: string | null, standard: number): number {
  const pixels = Number(text ?? standard);
  return Number.isFinite(pixels) ? Math.min(3000, Math.max(100, Math.round(pixels))) : standard;
}

const missing = (what: string, uid: string): SightlineError =>
  new SightlineError('SL1613', { what, where: uid, fix: 'see /api/dashboards for what there is' });
