import { describe, expect, it } from 'vitest';
import { buildDashboards } from '../../index.ts';
import type { Ask } from '../page/load.ts';
import type { DashboardModel, PanelModel } from '../page/model.ts';
import { askRecorded } from '../recorded/ask.ts';
import { recordedAt } from '../recorded/recorded-at.ts';
import { dashboardPicture, type PictureOptions } from './dashboard-picture.ts';
import { pngMaker } from './png.ts';

const models = buildDashboards().map(({ json }) => JSON.parse(json) as DashboardModel);
const panelsOf = ({ panels }: DashboardModel): readonly PanelModel[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

const options: PictureOptions = { theme: 'dark', width: 1440, at: recordedAt, source: 'recorded data' };
const draw = (dashboard: DashboardModel, more: Partial<PictureOptions> = {}, ask: Ask = askRecorded) =>
  dashboardPicture(dashboard, ask, { ...options, ...more });

function named(uid: string): DashboardModel {
  const found = models.find((model) => model.uid === uid);
  if (!found) throw new Error(`no dashboard ${uid}`);
  return found;
}

/** A dashboard of one panel, with the size that it asks for. */
const alone = (panel: PanelModel): DashboardModel => ({
  ...{ uid: 'one', title: 'One <panel>', templating: {}, annotations: {} },
  panels: [{ ...panel, gridPos: { x: 0, y: 0, w: 12, h: 8 } }],
});

/** A busy machine draws slowly. */
const patient = { timeout: 120_000 };

describe('a picture', patient, () => {
  const byType = Map.groupBy(models.flatMap(panelsOf), ({ type }) => type);
  it.each([...byType.keys()])('has a drawing of a panel of type %s', async (type) => {
    const [panel] = byType.get(type) ?? [];
    if (!panel) throw new Error('no panel');
    const { svg, failures } = await draw({ ...alone(panel), templating: { list: [] } }, {}, answersAnything);
    expect(failures).toEqual([]);
    expect(svg).not.toContain('has no drawing');
    expect(svg).not.toContain('No data');
    // More than frame and title.
    expect(svg.match(/<(?:path|text|rect)\b/g)?.length).toBeGreaterThan(4);
  });

  it('says so where a panel has no drawing, no data or no answer', async () => {
    const panel = { id: 1, type: 'timeseries', title: 'P', targets: [{ refId: 'A', expr: 'up' }] };
    const none: Ask = async () => ({ data: { resultType: 'matrix', result: [] } });
    expect((await draw(alone(panel), {}, none)).svg).toContain('>No data<');
    expect((await draw(alone({ ...panel, type: 'flame' }))).svg).toContain('of type flame has no drawing');
    const refuses: Ask = async () => {
      throw new Error('Prometheus is away');
    };
    const failed = await draw(alone(panel), {}, refuses);
    expect(failed.failures).toEqual(['P: Prometheus is away']);
    expect(failed.svg).toContain('>Prometheus is away<');
  });

  it('has title, time, variables, rows, titles of panels, legends and limits', async () => {
    const { svg } = await draw(named('service-overview'));
    for (const text of [
      'Service Overview',
      '2026-01-15 10:55 to 11:55 UTC · recorded data',
      'Namespace',
      'All',
    ])
      expect(svg).toContain(`>${text}<`);
    expect(svg).toContain('>At a glance<');
    for (const { title = '' } of panelsOf(named('service-overview'))) expect(svg).toContain(`>${title}<`);
    expect(svg).toContain('>backend-api<');
    expect(svg).toContain('stroke-dasharray="8,6"');
  });

  it('is of the width and the theme that were asked for', async () => {
    const wide = (await draw(named('kafka'), { width: 2560, theme: 'light' })).svg;
    expect(wide).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="2560"');
    expect(wide).toContain('fill="#f4f5f5"');
    expect(wide).not.toContain('#111217');
  });

  it('shows a collapsed row without its panels', async () => {
    const panel = { id: 2, type: 'stat', title: 'Inside', gridPos: { x: 0, y: 1, w: 4, h: 4 } };
    const row = { ...{ id: 1, type: 'row', title: 'Folded', collapsed: true }, panels: [panel] };
    const { svg } = await draw({
      ...alone(panel),
      panels: [{ ...row, gridPos: { x: 0, y: 0, w: 24, h: 1 } }],
    });
    expect(svg).toContain('Folded  (1 panel)');
    expect(svg).not.toContain('Inside');
  });

  it('names nothing outside of itself, and escapes what it shows', async () => {
    const { svg } = await draw(
      alone({ id: 1, type: 'text', title: 'a < b & "c"', options: { content: '# x\u0000y' } }),
    );
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).not.toContain('\u0000');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\((?!data:|#)/);
  });
});

describe('pictures from recorded data', patient, () => {
  it('are the same bytes whatever was drawn before', async () => {
    const first = (await draw(named('websocket'))).svg;
    await draw(named('home'));
    expect((await draw(named('websocket'))).svg).toBe(first);
  });

  it('change with their own dashboard, and with no other', async () => {
    const before = await Promise.all([draw(named('kafka')), draw(named('hosts'))]);
    const changed = named('kafka').panels.map((panel) =>
      panel.type === 'row' || panel.title !== 'Brokers' ? panel : { ...panel, title: 'Nodes of Kafka' },
    );
    const inside = changed.map((panel) =>
      panel.panels
        ? { ...panel, panels: panel.panels.map((one) => ({ ...one, title: `${one.title}!` })) }
        : panel,
    );
    const after = await Promise.all([draw({ ...named('kafka'), panels: inside }), draw(named('hosts'))]);
    expect(after[0].svg).not.toBe(before[0].svg);
    expect(after[1].svg).toBe(before[1].svg);
  });

  it('become a PNG of the same size with the fonts of the packages', async () => {
    const { svg } = await draw(named('kafka'));
    const maker = await pngMaker();
    try {
      const png = await maker.png(svg);
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBe(1440);
      expect(await maker.png(svg)).toEqual(png);
      // Where no font is found, resvg leaves text out.
      const textless = await maker.png(svg.replaceAll(/<text\b[^>]*>[^<]*<\/text>/g, ''));
      expect(png.length).toBeGreaterThan(1.5 * textless.length);
    } finally {
      maker.close();
    }
  });
});

/** Every question finds something, and of the kind that was asked for. */
const answersAnything: Ask = async (source, path, parameters) => {
  const labels = { service: 'sync', level: 'INFO', le: '0.5' };
  if (source === 'loki' && !/\(/.test((parameters.query ?? '').split('{')[0] ?? ''))
    return {
      data: {
        resultType: 'streams',
        result: [{ stream: labels, values: [[`${recordedAt}000000`, 'said']] }],
      },
    };
  const at = recordedAt / 1000;
  if (path.endsWith('/query'))
    return { data: { resultType: 'vector', result: [{ metric: labels, value: [at, '1'] }] } };
  const values = [
    [at - 60, '1'],
    [at - 30, '2'],
  ];
  return { data: { resultType: 'matrix', result: [{ metric: labels, values }] } };
};
