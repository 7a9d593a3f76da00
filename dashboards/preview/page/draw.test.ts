import * as echarts from 'echarts';
import { describe, expect, it } from 'vitest';
import { chartOption } from './draw.ts';
import { exemplarSeries } from './draw-exemplars.ts';
import { ring } from './draw-gauge.ts';
import { bandsOf } from './draw-heatmap.ts';
import { marks } from './draw-marks.ts';
import type { Drawing } from './draw-parts.ts';
import { stretchesOf } from './draw-state-timeline.ts';
import { displayText, fieldOf, valueColor } from './field.ts';
import { answerOf, type Frame, toFrames, toLines } from './frames.ts';
import { containsText, toRecord } from './log-record.ts';
import type { PanelModel } from './model.ts';
import { namedColor, themes } from './palette.ts';
import { toTable } from './table.ts';

const theme = themes.dark;
const frame = (
  name: string,
  values: readonly (number | null)[],
  labels: Record<string, string> = {},
): Frame => ({
  refId: 'A',
  name,
  labels,
  points: values.map((value, index) => [index * 15_000, value]),
});

const panel = (type: string, more: Partial<PanelModel> = {}): PanelModel => ({
  id: 1,
  type,
  fieldConfig: {
    defaults: {
      unit: 's',
      min: 0,
      color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
      thresholds: {
        steps: [
          { value: null, color: 'green' },
          { value: 2, color: 'red' },
        ],
      },
      custom: { thresholdsStyle: { mode: 'dashed' } },
    },
    overrides: [],
  },
  ...more,
});

function draw(drawn: PanelModel, frames: readonly Frame[], more: Partial<Drawing> = {}): string {
  const range = { from: 0, to: 60_000 };
  const data = { frames, lines: [], executed: [], range, step: 15 };
  const drawing = { panel: drawn, data, theme, width: 600, height: 300, regions: [], legend: true, ...more };
  const option = chartOption(drawing);
  if (!option) throw new Error('nothing to draw');
  const chart = echarts.init(null, null, { ssr: true, renderer: 'svg', width: 600, height: 300 });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

describe('pictures', () => {
  it('of a time series have its line, its legend, its threshold and the alert', () => {
    const region = { from: 20_000, to: 40_000, title: 'Bad', text: '', color: 'purple' };
    const svg = draw(panel('timeseries'), [frame('sync', [1, 2, 1.5])], { regions: [region] });
    expect(svg).toContain('>sync<');
    expect(svg.toUpperCase()).toContain(namedColor('green', theme).toUpperCase());
    expect(svg.toUpperCase()).toContain(namedColor('red', theme).toUpperCase());
    expect(svg.toUpperCase()).toContain(namedColor('purple', theme).toUpperCase());
  });
  it('have one band for alerts of a colour that overlap', () => {
    const region = (from: number, to: number, color: string) => ({ from, to, color, title: '', text: '' });
    const regions = [region(0, 9, 'red'), region(2, 30, 'red'), region(5, 6, 'blue'), region(40, 50, 'red')];
    const data = { frames: [], lines: [], executed: [], range: { from: 0, to: 60 }, step: 15 };
    const drawing = { data, regions, theme, panel: panel('timeseries'), width: 9, height: 9, legend: false };
    const bands = marks({}, regions, drawing).markArea?.data as { xAxis: number }[][];
    expect(bands.map((ends) => ends.map(({ xAxis }) => xAxis))).toEqual([
      [0, 30],
      [5, 6],
      [40, 50],
    ]);
  });
  it('leave out the series that the legend has switched off', () => {
    const svg = draw(panel('timeseries'), [frame('sync', [1, 2]), frame('audit', [1, 2])], {
      shown: new Set(['audit']),
    });
    expect(svg).not.toContain('>sync<');
  });
  it('of a stat have the number in its unit and the colour of its threshold', () => {
    const svg = draw(panel('stat'), [frame('p95', [1, 2.5])]);
    expect(svg).toContain('>2.50 s<');
    expect(svg.toUpperCase()).toContain(namedColor('red', theme).toUpperCase());
  });
  it('of a gauge have the value, and its thresholds as a ring', () => {
    const gauge = panel('gauge');
    const svg = draw(gauge, [frame('p95', [1, 2.5])]);
    expect(svg).toContain('>2.50 s<');
    expect(ring(fieldOf(gauge, 'p95'), 0, 4, theme)).toEqual([
      [0.5, namedColor('green', theme)],
      [1, namedColor('red', theme)],
    ]);
  });
  it('of a time series have a dot for each exemplar, at the top edge where it lies above the axis', () => {
    const exemplars = [1, 1e6].map((value, at) => ({ time: 20_000 * (at + 1), value, labels: {} }));
    const drawing = { ...{ theme, width: 600, height: 300, regions: [], legend: false }, exemplars };
    const data = {
      frames: [frame('sync', [1, 2])],
      lines: [],
      executed: [],
      range: { from: 0, to: 60_000 },
      step: 15,
    };
    const option = chartOption({ ...drawing, panel: panel('timeseries'), data });
    expect(option?.series).toContainEqual(
      expect.objectContaining({
        name: exemplarSeries,
        data: [
          [20_000, 1],
          [40_000, 2.5],
        ],
      }),
    );
  });
  it('of bars, heatmaps and states show what they got', () => {
    expect(draw(panel('bargauge'), [frame('sync', [1]), frame('audit', [3])])).toContain('>3 s<');
    const buckets = [frame('', [1, 2], { le: '0.1' }), frame('', [3, 4], { le: '+Inf' })];
    expect(draw(panel('heatmap'), buckets)).toContain('>100 ms<');
    expect(draw(panel('state-timeline'), [frame('sync process', [1, 1, 0])])).toContain('sync process');
  });
  it('are not made of tables, logs and text', () => {
    expect(() => draw(panel('table'), [])).toThrow('nothing to draw');
  });
});

describe('data', () => {
  it('a hole longer than a step is a gap', () => {
    const answer = answerOf({
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { a: 'b' },
            values: [
              [0, '1'],
              [15, 'NaN'],
              [60, '+Inf'],
            ],
          },
        ],
      },
    });
    if (!answer) throw new Error('no answer');
    expect(toFrames(answer, { refId: 'A', legendFormat: '{{a}}' }, 15)).toEqual([
      {
        refId: 'A',
        name: 'b',
        labels: { a: 'b' },
        points: [
          [0, 1],
          [15_000, null],
          [30_000, null],
          [60_000, Number.POSITIVE_INFINITY],
        ],
      },
    ]);
    expect(answerOf({ status: 'error' })).toBeUndefined();
  });
  it('buckets become bands, empty ones at the ends left out', () => {
    const bands = bandsOf([
      frame('', [9], { le: '+Inf' }),
      frame('', [2], { le: '0.1' }),
      frame('', [0], { le: '0.05' }),
      frame('', [9], { le: '0.5' }),
    ]);
    expect(bands.map(({ low, high, cells }) => [low, high, cells[0]?.[1]])).toEqual([
      [0.05, 0.1, 2],
      [0.1, 0.5, 7],
    ]);
  });
  it('equal neighbours are one stretch, and a gap ends it', () => {
    const stretches = stretchesOf(frame('', [1, 1, 0, null, 0]), 2, 15);
    expect(stretches.map(({ from, to, value }) => [from, to, value])).toEqual([
      [0, 30_000, 1],
      [30_000, 45_000, 0],
      [60_000, 75_000, 0],
    ]);
  });
  it('overrides by name change unit and colour, and mappings the text', () => {
    const mapped = panel('table', {
      fieldConfig: {
        defaults: { mappings: [{ type: 'value', options: { '1': { text: 'Passing', color: 'blue' } } }] },
        overrides: [
          {
            matcher: { id: 'byName', options: 'p95' },
            properties: [
              { id: 'unit', value: 's' },
              { id: 'custom.lineWidth', value: 3 },
            ],
          },
        ],
      },
    });
    expect(fieldOf(mapped, 'p95')).toMatchObject({ unit: 's', custom: { lineWidth: 3 } });
    expect(displayText(1, fieldOf(mapped, 'x'))).toBe('Passing');
    expect(valueColor(1, fieldOf(mapped, 'x'), theme)).toBe(namedColor('blue', theme));
  });
  it('instant results are merged into a table by their labels', () => {
    const options = {
      renameByName: { 'Value #A': 'Rate', 'Value #B': 'p95', service: 'Service' },
      indexByName: { service: 0, 'Value #A': 1, 'Value #B': 2 },
    };
    const merged = toTable(
      panel('table', {
        transformations: [{ id: 'merge' }, { id: 'organize', options }],
        options: { sortBy: [{ displayName: 'Rate', desc: true }] },
      }),
      [
        frame('', [1], { service: 'a' }),
        frame('', [5], { service: 'b' }),
        { ...frame('', [0.2], { service: 'a' }), refId: 'B' },
      ],
    );
    expect(merged.columns).toEqual(['Service', 'Rate', 'p95']);
    expect(merged.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['b', '5 s', '–'],
      ['a', '1 s', '200 ms'],
    ]);
  });
  it('log lines come newest first, parsed where they are JSON', () => {
    const values = [
      ['1000000000000000001', '{"level":"ERROR","message":"no","task_id":"7"}'],
      ['1000000000000000002', 'plain'],
    ];
    const lines = toLines({
      resultType: 'streams',
      result: [{ stream: { service: 'sync', level: 'INFO' }, values }],
    });
    const [plain, json] = lines.map(toRecord);
    expect(plain).toMatchObject({ message: 'plain', level: 'INFO', time: 1_000_000_000_000 });
    expect(json).toMatchObject({ message: 'no', level: 'ERROR' });
    expect(json && containsText(json, 'TASK_ID=7')).toBe(true);
    expect(json && containsText(json, 'absent')).toBe(false);
    expect(toRecord({ nanoseconds: '1', line: '{"msg":"Go"}', labels: {} }).message).toBe('Go');
  });
});
