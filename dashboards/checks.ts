import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards, datasources } from '../telemetry/contract/links.ts';
import { type ThresholdName, thresholds } from '../telemetry/contract/thresholds.ts';
import type { Problem } from '../telemetry/errors.ts';
import { type ThresholdValues, thresholdValue } from '../telemetry/query/query.ts';
import { queryProblems } from './check-queries.ts';

import { variableProblems } from './check-variables.ts';
import { askedBy, type Finding } from './checks/asked.ts';
import { pageOf, withoutExcepted } from './checks/exceptions.ts';
import { exploreLinkFindings } from './checks/explore-links.ts';
import { type DashboardCheckId, dashboardChecks } from './checks/ids.ts';
import { legendFindings } from './checks/legend.ts';
import { loadFindings } from './checks/load.ts';
import { metricTypeFindings } from './checks/metric-type.ts';
import { neverDataFindings } from './checks/never-data.ts';
import { rangeFindings } from './checks/range.ts';
import { screenFindings } from './checks/screen.ts';
import { selectionFindings } from './checks/selection.ts';
import { settingsFindings } from './checks/settings.ts';
import { layoutFaults } from './layout.ts';
import { type Placed, record, text, whereIs } from './placed.ts';
import type { GeneratedDashboard } from './spec.ts';
import { stableJson } from './stable-json.ts';

/** Types of panels that ask nothing. */
const silentTypes = new Set(['text', 'row', 'dashlist']);
/** Types whose values need a unit. */
const numericTypes = new Set([
  'timeseries',
  'stat',
  'bargauge',
  'gauge',
  'heatmap',
  'state-timeline',
  'table',
]);

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';

/** All panels, those of collapsed rows included. */
export function panelsOf({ uid, panels = [] }: Dashboard): readonly Placed[] {
  return panels
    .flatMap((panel) => (isRow(panel) ? panel.panels : [panel]))
    .map((panel) => ({ panel, where: whereIs(String(uid), panel) }));
}

/** Every static check of one dashboard. @param values thresholds that the environment moved */
export function checkDashboard(
  { model, exceptions }: Pick<GeneratedDashboard, 'model' | 'exceptions'>,
  values: ThresholdValues = {},
): readonly Problem[] {
  const placed = panelsOf(model);
  const asked = askedBy(placed);
  const found: readonly Problem[] = [
    ...contractProblems(model),
    ...linkProblems(model),
    ...layoutProblems(model),
    ...idProblems(model),
    ...placed.flatMap((panel) => [
      ...textProblems(panel),
      ...sourceProblems(panel),
      ...thresholdProblems(panel, values),
      ...queryProblems(panel),
    ]),
    ...variableProblems(model, placed),
    ...(
      [
        ['link', exploreLinkFindings(model)],
        ['screen', screenFindings(placed)],
        ['load', loadFindings(model)],
        ['never-data', neverDataFindings(model, asked)],
        ['selection', selectionFindings(model, asked)],
        ['legend', legendFindings(asked)],
        ['range', rangeFindings(asked)],
        ['metric-type', metricTypeFindings(asked)],
        ['settings', settingsFindings(model)],
      ] satisfies [DashboardCheckId, readonly Finding[]][]
    ).flatMap(([check, findings]) => findings.map((one) => ({ ...one, code: dashboardChecks[check] }))),
  ];
  return withoutExcepted(found, exceptions).map((problem) => ({ ...problem, page: pageOf(problem) }));
}

function contractProblems(model: Dashboard): Problem[] {
  const where = String(model.uid);
  const declared = Object.entries(dashboards).find(([uid]) => uid === model.uid)?.[1];
  const fix = 'declare it in telemetry/contract/links.ts, or mend the dashboard';
  if (!declared) return [{ code: 'SL1608', what: `no dashboard has the uid ${where}`, where, fix }];
  const names = new Set((model.templating.list ?? []).map(({ name }) => name));
  return declared.variables
    .filter((name) => !names.has(name))
    .map((name) => ({
      code: 'SL1608',
      what: `links may fill the variable ${name}, which it lacks`,
      where,
      fix,
    }));
}

/** Links to dashboards that nobody declares, wherever in the dashboard they stand. */
function linkProblems(model: Dashboard): Problem[] {
  const linked = [...stableJson(model).matchAll(/"(?:https?:\/\/[^/"]+)?\/d\/([\w-]+)/g)].map(
    ([, uid = '']) => uid,
  );
  return [...new Set(linked)]
    .filter((uid) => !Object.hasOwn(dashboards, uid))
    .map((uid) => ({
      code: 'SL1608',
      what: `it links to the dashboard ${uid}, which nobody declares`,
      where: String(model.uid),
      fix: 'link with linksTo() of dashboards/navigation.ts',
    }));
}

function layoutProblems({ uid, panels = [] }: Dashboard): Problem[] {
  const groups = [
    panels,
    ...panels
      .filter(isRow)
      .filter(({ collapsed }) => collapsed)
      .map((row) => row.panels),
  ];
  return groups.flatMap((group, index) => {
    const boxes = group.map(({ gridPos }) => gridPos ?? { x: 0, y: 0, w: 0, h: 0 });
    const top = index === 0 ? 0 : Math.min(...boxes.map(({ y }) => y));
    return layoutFaults(boxes.map((box) => ({ ...box, y: box.y - top }))).map(
      ({ kind, boxes: concerned, x, y }): Problem => ({
        code: 'SL1601',
        what: `${kind} at column ${x}, line ${y + top}${concerned.length > 0 ? `: ${concerned.map((at) => group[at]?.title ?? '?').join(' and ')}` : ''}`,
        where: String(uid),
        fix: 'let finalize() lay the panels out, and give them widths of 1 to 24',
      }),
    );
  });
}

function idProblems({ uid, panels = [] }: Dashboard): Problem[] {
  const everything = panels.flatMap((panel) => (isRow(panel) ? [panel, ...panel.panels] : [panel]));
  const seen = new Map<number, string>();
  const problems: Problem[] = [];
  const add = (what: string): void => {
    problems.push({
      code: 'SL1606',
      what,
      where: String(uid),
      fix: 'give the panels of a section different titles',
    });
  };
  for (const { id, title = '' } of everything) {
    const other = id === undefined ? undefined : seen.get(id);
    if (!id) add(`“${title}” has no id`);
    else if (other !== undefined) add(`“${other}” and “${title}” have the id ${id}`);
    if (id) seen.set(id, title);
  }
  for (const panel of everything) {
    if (isRow(panel)) continue;
    const refIds = (panel.targets ?? []).map((target) => text(target, 'refId'));
    if (refIds.some((refId) => refId === '')) add(`a query of “${panel.title}” has no refId`);
    if (new Set(refIds).size < refIds.length) add(`two queries of “${panel.title}” have the same refId`);
  }
  return problems;
}

function textProblems({ panel, where }: Placed): Problem[] {
  const missing = (what: string, fix: string): Problem[] => [{ code: 'SL1602', what, where, fix }];
  const needsUnit = numericTypes.has(panel.type) && !panel.fieldConfig?.defaults.unit;
  return [
    ...(panel.title ? [] : missing('the panel has no title', 'call .title()')),
    ...(panel.description
      ? []
      : missing('the panel has no description', 'say what to do when it looks wrong')),
    ...(needsUnit
      ? missing('the panel has no unit', 'call .unit() with one of Grafana’s ids; short for plain counts')
      : []),
  ];
}

/** Variables that stand for the provisioned data sources. */
const sourceVariables: Readonly<Record<string, string>> = {
  '${datasource}': 'prometheus',
  '${loki}': 'loki',
};

function sourceProblems({ panel, where }: Placed): Problem[] {
  if (silentTypes.has(panel.type)) return [];
  const fixed = new Map<string, string>(Object.values(datasources).map(({ uid, type }) => [uid, type]));
  const references = [panel.datasource, ...(panel.targets ?? []).map((target) => record(target).datasource)];
  const problems = references.flatMap((reference): Problem[] => {
    const uid = text(reference, 'uid');
    const type = sourceVariables[uid] ?? fixed.get(uid);
    if (type !== undefined && type === text(reference, 'type')) return [];
    const what =
      uid === ''
        ? 'no data source is named'
        : `no provisioned data source is ${uid} of type ${text(reference, 'type')}`;
    return [
      { code: 'SL1603', what, where, fix: 'use prometheusRef or lokiRef of dashboards/panels/common.ts' },
    ];
  });
  if ((panel.targets ?? []).length === 0)
    problems.push({ code: 'SL1603', what: 'the panel asks nothing', where, fix: 'give it targets' });
  return problems;
}

/** Zero and one say "none" and "any"; every other number is a decision, and stands in the contract. */
const plainSteps = new Set([0, 1]);

function thresholdProblems({ panel, where }: Placed, values: ThresholdValues): Problem[] {
  const known = new Set(
    (Object.keys(thresholds) as ThresholdName[]).map((name) => thresholdValue(name, values)),
  );
  return (panel.fieldConfig?.defaults.thresholds?.steps ?? []).flatMap(({ value }): Problem[] =>
    value === null || value === undefined || plainSteps.has(value) || known.has(value)
      ? []
      : [
          {
            code: 'SL1607',
            what: `${value} is no threshold of the contract`,
            where,
            fix: 'name one of telemetry/contract/thresholds.ts in `limits`',
          },
        ],
  );
}
