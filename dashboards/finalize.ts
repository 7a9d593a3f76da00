import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  type Panel,
  type RowPanel,
  VariableHide,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type DashboardUid, dashboards } from '../telemetry/contract/links.ts';
import { type Box, bottomOf, gridColumns, layOut } from './layout.ts';
import { whereIs } from './placed.ts';
import type { DashboardSpec, GeneratedDashboard, PanelSpec, PlacedException, Section } from './spec.ts';
import { stableJson } from './stable-json.ts';

/**
 * The one way from a declared dashboard to what Grafana reads: uid and title of the contract, stable panel ids,
 * refIds, a layout without gaps, and defaults that the SDK gets wrong.
 */
export function finalize(spec: DashboardSpec): GeneratedDashboard {
  const { title } = dashboards[spec.uid];
  const built = new DashboardBuilder(title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([...spec.tags])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .variables([...spec.variables])
    .annotations([...spec.annotations])
    .links([...spec.links])
    .build();
  // build() hands out its live object, and two builders of one panel would share it.
  const model: Dashboard = plainCopy(built);
  model.panels = placeSections(spec.uid, spec.sections);
  model.templating = { list: (model.templating.list ?? []).map(withoutIntervals).map(fixedWhenHidden) };
  model.links = (model.links ?? []).map(withoutPlacement);
  model.annotations = { list: (model.annotations.list ?? []).map(annotationOnTop) };
  return { uid: spec.uid, title, json: stableJson(model), model, exceptions: exceptionsOf(spec) };
}

const exceptionsOf = ({ uid, allow = [], sections }: DashboardSpec): readonly PlacedException[] => [
  ...allow.map((exception) => ({ ...exception, where: uid })),
  ...sections
    .flatMap(({ panels }) => panels)
    .flatMap(({ panel, allow: ofPanel = [] }) =>
      ofPanel.map((exception) => ({ ...exception, where: whereIs(uid, panel.build()) })),
    ),
];

/** Without the markers (functions) that the SDK leaves on queries. */
const plainCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The SDK gives every variable what only those of intervals have. */
function withoutIntervals(variable: VariableModel): VariableModel {
  const { auto: _auto, auto_min: _least, auto_count: _count, ...own } = variable;
  return own;
}

/** What nobody sees, no link to the dashboard may change. */
const fixedWhenHidden = (variable: VariableModel): VariableModel =>
  variable.hide === VariableHide.HideVariable ? { ...variable, skipUrlSync: true } : variable;

/** The SDK hides links and annotations in a menu by default. */
function withoutPlacement(link: DashboardLink): DashboardLink {
  const { placement: _menu, ...shown } = link;
  return shown;
}
function annotationOnTop(annotation: AnnotationQuery): AnnotationQuery {
  const { placement: _menu, ...shown } = annotation;
  return shown;
}

function placeSections(uid: DashboardUid, sections: readonly Section[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let top = 0;
  for (const section of sections) {
    const collapsed = section.collapsed ?? false;
    const row: RowPanel = {
      type: 'row',
      id: stableId(uid, section.title),
      title: section.title,
      collapsed,
      gridPos: { x: 0, y: top, w: gridColumns, h: 1 },
      panels: [],
    };
    placed.push(row);
    top += 1;
    const boxes = layOut(section.panels, top);
    const panels = section.panels.map(({ panel, links }, index) =>
      finishPanel(withLinks(plainCopy(panel.build()), links), uid, section.title, boxes[index]),
    );
    if (collapsed) {
      // A collapsed row keeps its panels inside itself and takes one line of the grid.
      row.panels = panels;
      continue;
    }
    placed.push(...panels);
    top = bottomOf(boxes, top);
  }
  return placed;
}

function withLinks(panel: Panel, more: PanelSpec['links'] = []): Panel {
  const links = [...(panel.links ?? []), ...more.map((link) => link.build())];
  return links.length === 0 ? panel : { ...panel, links: links.map(withoutPlacement) };
}

function finishPanel(panel: Panel, uid: DashboardUid, section: string, box: Box | undefined): Panel {
  const finished: Panel = {
    ...panel,
    id: stableId(uid, section, panel.title ?? ''),
    ...(box && { gridPos: box }),
  };
  delete finished.repeatDirection;
  const defaults = finished.fieldConfig?.defaults;
  if (defaults?.links) defaults.links = defaults.links.map(asDataLink);
  if (panel.targets)
    finished.targets = panel.targets.map((target, index) => ({
      refId: String.fromCharCode(65 + index),
      ...target,
      ...(!withExemplars.has(panel.type) && 'exemplar' in target && { exemplar: false }),
    }));
  const options = optionDefaults[panel.type];
  if (options) finished.options = merge(panel.options, options);
  // Grafana has dropped the footer of tables, the SDK has not.
  if (panel.type === 'table') finished.options = without(finished.options, 'footer');
  return finished;
}

/** Elsewhere an exemplar cannot be drawn, and asking for it is a second query. */
const withExemplars = new Set(['timeseries', 'heatmap']);

/** The SDK builds a link of a field like a link of a dashboard; Grafana reads three properties of it. */
const asDataLink = ({ title, url = '', targetBlank }: DashboardLink): DashboardLink =>
  ({ title, url, targetBlank }) as DashboardLink;

/** What a reader expects to see, and what the SDK leaves off. */
const optionDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  timeseries: { legend: { showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } },
  'state-timeline': { tooltip: { mode: 'single' } },
  stat: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } },
  bargauge: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } },
  // Without details, the derived field that opens the trace of a line is hidden.
  logs: { showTime: true, enableLogDetails: true, wrapLogMessage: true },
};

const without = (base: unknown, dropped: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(base ?? {}).filter(([name]) => name !== dropped));

function merge(base: unknown, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = typeof base === 'object' && base !== null ? { ...base } : {};
  for (const [key, value] of Object.entries(over))
    merged[key] =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? merge(merged[key], value as Record<string, unknown>)
        : value;
  return merged;
}

/** FNV-1a of where the panel stands, as a positive 31-bit number: the same as long as nobody renames it. */
export function stableId(...path: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(path.join('\u0000'))) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash & 0x7fffffff || 1;
}
