import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, it } from 'vitest';
import { dashboards } from '../telemetry/contract/links.ts';
import { checkDashboard, panelsOf } from './checks.ts';
import { finalize, stableId } from './finalize.ts';
import { buildDashboards } from './index.ts';
import type { GeneratedDashboard } from './spec.ts';

/** What these tests look at of a panel. */
interface SeenPanel {
  readonly type: string;
  readonly options: {
    readonly legend?: { readonly showLegend: boolean };
    readonly showTime?: boolean;
    readonly enableLogDetails?: boolean;
  };
}

function overview(): GeneratedDashboard {
  const found = buildDashboards().find(({ uid }) => uid === 'service-overview');
  if (!found) throw new Error('there is no service-overview');
  return found;
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
    const panels: SeenPanel[] = JSON.parse(overview().json).panels;
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
