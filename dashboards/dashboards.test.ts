import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, it } from 'vitest';
import { dashboards } from '../telemetry/contract/links.ts';
import type { errorCodes } from '../telemetry/errors.ts';
import { checkDashboard, panelsOf } from './checks.ts';
import { finalize, stableId } from './finalize.ts';
import { buildDashboards } from './index.ts';
import type { GeneratedDashboard } from './spec.ts';

/** A panel as a test may break it. */
interface Editable {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  gridPos?: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets: { refId?: string; expr: string; datasource?: { type: string; uid: string } }[];
  fieldConfig: {
    defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } };
  };
  options: { legend?: { showLegend: boolean }; showTime?: boolean; enableLogDetails?: boolean };
}
interface EditableModel {
  uid: string;
  panels: Editable[];
  links: { title: string; url: string }[];
  templating: { list: { name: string; definition?: string }[] };
}

function overview(): GeneratedDashboard {
  const found = buildDashboards().find(({ uid }) => uid === 'service-overview');
  if (!found) throw new Error('there is no service-overview');
  return found;
}

/** The dashboard with one thing spoilt, and the codes that the checks find. */
function codesAfter(spoil: (model: EditableModel, first: (type: string) => Editable) => void): string[] {
  const model: EditableModel = JSON.parse(overview().json);
  spoil(model, (type) => {
    const panel = model.panels.find((one) => one.type === type);
    if (!panel) throw new Error(`no panel of type ${type}`);
    return panel;
  });
  const problems = checkDashboard({ model: JSON.parse(JSON.stringify(model)) });
  for (const { what, where, fix } of problems)
    expect([what, where, fix].every((text) => text !== '')).toBe(true);
  return [...new Set(problems.map(({ code }) => code))];
}

describe('generated dashboards', () => {
  it('are the same bytes on every run, with sorted keys', () => {
    const [first, second] = [overview().json, overview().json];
    expect(second).toBe(first);
    const keys = Object.keys(JSON.parse(first));
    expect(keys).toEqual(keys.toSorted());
    expect(first.endsWith('}\n')).toBe(true);
  });
  it('pass every check', () => {
    for (const dashboard of buildDashboards()) expect(checkDashboard(dashboard)).toEqual([]);
  });
  it('follow an environment’s thresholds, and are checked against them', () => {
    const moved = { request_latency_p95_warning: 0.123 };
    const [dashboard] = buildDashboards({ thresholds: moved });
    expect(dashboard?.json).toContain('"value": 0.123');
    if (!dashboard) throw new Error('nothing was generated');
    expect(checkDashboard(dashboard, moved)).toEqual([]);
    expect(checkDashboard(dashboard).map(({ code }) => code)).toContain('SL1607');
  });
  it('have what Grafana hides by default switched on', () => {
    const panels: Editable[] = JSON.parse(overview().json).panels;
    const ofType = (type: string) => panels.filter((panel) => panel.type === type);
    expect(ofType('timeseries').every(({ options }) => options.legend?.showLegend)).toBe(true);
    expect(ofType('logs').every(({ options }) => options.showTime && options.enableLogDetails)).toBe(true);
    expect(overview().json).toContain('"exemplar": true');
    expect(overview().json).not.toContain('inControlsMenu');
  });
  it('keep the children of a collapsed row inside it, taking one line', () => {
    const panel = {
      width: 24,
      height: 8,
      panel: new PanelBuilder().title('A').description('b').unit('short'),
    };
    const { model } = finalize({
      ...{ uid: 'service-overview', description: '', tags: [], variables: [], annotations: [], links: [] },
      sections: [
        { title: 'One', collapsed: true, panels: [panel] },
        { title: 'Two', panels: [panel] },
      ],
    });
    expect(model.panels?.map(({ type, gridPos }) => [type, gridPos?.y])).toEqual([
      ['row', 0],
      ['row', 1],
      ['stat', 2],
    ]);
    // The same builder twice still gives two panels, each with its own id.
    expect(new Set(panelsOf(model).map((placed) => placed.panel.id)).size).toBe(2);
  });
  it('number panels by where they stand, so that ids outlive a new neighbour', () => {
    expect(stableId('service-overview', 'Requests', 'Request rate by service')).toBe(
      overview().model.panels?.find(({ title }) => title === 'Request rate by service')?.id,
    );
    expect(stableId('a', 'bc')).not.toBe(stableId('ab', 'c'));
  });
});

describe('every dashboard of the contract', () => {
  it('is generated, and nothing else', () => {
    expect(buildDashboards().map(({ uid }) => uid)).toEqual(expect.arrayContaining(Object.keys(dashboards)));
    expect(buildDashboards()).toHaveLength(Object.keys(dashboards).length);
  });
  it('is reached from Home, and leads back', () => {
    const linksOf = ({ model }: GeneratedDashboard) => (model.links ?? []).map(({ url }) => url);
    const others = buildDashboards().filter(({ uid }) => uid !== 'home');
    const home = buildDashboards().find(({ uid }) => uid === 'home');
    const reached = [...(home ? linksOf(home) : []), ...linksOf(overview())];
    expect(reached).toEqual(expect.arrayContaining(others.map(({ uid }) => `/d/${uid}`)));
    for (const other of others) expect(linksOf(other), other.uid).toContain('/d/home');
  });
  it('about one service stays with it, whatever a link carries along', () => {
    const audit = buildDashboards().find(({ uid }) => uid === 'service-audit');
    expect(audit?.model.templating.list?.find(({ name }) => name === 'service')).toMatchObject({
      query: 'audit',
      skipUrlSync: true,
    });
  });
  it('about one service has the parts that it emits metrics for, and nothing of others', () => {
    const sections = (uid: string) =>
      (buildDashboards().find((one) => one.uid === uid)?.model.panels ?? [])
        .filter(({ type }) => type === 'row')
        .map(({ title }) => title);
    expect(sections('service-audit')).toEqual(expect.arrayContaining(['Audit trail', 'Events', 'Logs']));
    expect(sections('service-audit')).not.toContain('Reminders');
    expect(sections('service-backend-api')).toEqual(expect.arrayContaining(['Tasks', 'WebSocket']));
    expect(sections('service-sync')).not.toContain('What it depends on');
  });
  it('links panels to their runbooks where there are pages to link to', () => {
    const [bare, linked] = [buildDashboards(), buildDashboards({ runbooks: 'http://r/{id}.md' })].map((all) =>
      all.map(({ json }) => json).join(''),
    );
    expect(bare).not.toContain('Runbook: ');
    expect(linked).toContain('"url": "http://r/event-lag-high.md"');
  });
});

describe('the checks of dashboards', () => {
  it.each([
    [
      'SL1601',
      'an overlap',
      (_: EditableModel, first) => Object.assign(first('stat'), { gridPos: { x: 2, y: 1, w: 4, h: 4 } }),
    ],
    ['SL1602', 'a missing description', (_, first) => Object.assign(first('stat'), { description: '' })],
    ['SL1602', 'a missing title', (_, first) => Object.assign(first('stat'), { title: '' })],
    [
      'SL1602',
      'a missing unit',
      (_, first) => Object.assign(first('stat').fieldConfig.defaults, { unit: '' }),
    ],
    [
      'SL1603',
      'an unknown data source',
      (_, first) => Object.assign(first('stat'), { datasource: { type: 'prometheus', uid: 'mimir' } }),
    ],
    [
      'SL1603',
      'a data source of another type',
      (_, first) => Object.assign(first('stat'), { datasource: { type: 'loki', uid: '${datasource}' } }),
    ],
    ['SL1603', 'a panel that asks nothing', (_, first) => Object.assign(first('stat'), { targets: [] })],
    ['SL1604', 'PromQL of the wrong type', (_, first) => spoilQuery(first('stat'), 'rate(up)')],
    ['SL1604', 'an unclosed parenthesis', (_, first) => spoilQuery(first('stat'), 'sum(rate(up[5m])')],
    ['SL1604', 'a series nobody exposes', (_, first) => spoilQuery(first('stat'), 'sum(no_such_total)')],
    ['SL1604', 'a label no stream has', (_, first) => spoilQuery(first('logs'), '{colour="red"}')],
    [
      'SL1604',
      'a broken query of a variable',
      (model) => spoilVariable(model, 'label_values(no_such_info, service)'),
    ],
    ['SL1605', 'an undeclared variable', (_, first) => spoilQuery(first('stat'), 'up{service=~"$sevice"}')],
    ['SL1605', 'an unused variable', (model) => model.templating.list.push({ name: 'lonely' })],
    ['SL1605', 'a variable declared twice', (model) => model.templating.list.push({ name: 'service' })],
    ['SL1606', 'two panels of one id', (_, first) => Object.assign(first('stat'), { id: first('logs').id })],
    ['SL1606', 'a missing id', (_, first) => delete first('stat').id],
    ['SL1606', 'a missing refId', (_, first) => delete first('stat').targets[0]?.refId],
    [
      'SL1606',
      'two queries of one refId',
      (_, first) => Object.assign(first('stat').targets[0] ?? {}, { refId: 'B' }),
    ],
    [
      'SL1607',
      'a number of its own',
      (_, first) => first('stat').fieldConfig.defaults.thresholds?.steps.push({ value: 0.42, color: 'red' }),
    ],
    [
      'SL1608',
      'a link to a dashboard that is not declared',
      (model) => model.links.push({ title: 'Gone', url: '/d/gone' }),
    ],
    [
      'SL1604',
      'a field of log lines that nobody declares',
      (_, first) => spoilQuery(first('logs'), '{service="sync"} | json | colour="red"'),
    ],
    ['SL1608', 'another uid', (model) => Object.assign(model, { uid: 'overview' })],
    [
      'SL1608',
      'a missing variable that links fill',
      (model) =>
        Object.assign(model.templating, {
          list: model.templating.list.filter(({ name }) => name !== 'instance'),
        }),
    ],
  ] satisfies [
    keyof typeof errorCodes,
    string,
    (model: EditableModel, first: (type: string) => Editable) => unknown,
  ][])('%s finds %s', (code, _, spoil) => {
    expect(codesAfter(spoil)).toContain(code);
  });
});

function spoilQuery(panel: Editable, expr: string): void {
  Object.assign(panel.targets[0] ?? {}, { expr });
}

function spoilVariable(model: EditableModel, definition: string): void {
  const variable = model.templating.list.find((one) => one.definition);
  if (variable) variable.definition = definition;
}
