import { expect, it } from 'vitest';
import { loadExemplars, thinned } from './exemplars.ts';
import type { Ask } from './load.ts';
import type { PanelModel } from './model.ts';

const range = { from: 0, to: 120_000 };
const at = (time: number, value: number) => ({ time, value, labels: {} });

it('exemplars are asked for once a query, with variables filled in, and keep both kinds of labels', async () => {
  const asked: string[] = [];
  const ask: Ask = async (_, path, { query }) => {
    asked.push(`${path} ${query}`);
    const exemplars = [{ labels: { trace_id: 'abc' }, value: '0.25', timestamp: 60 }];
    return { data: [{ seriesLabels: { service: 'sync' }, exemplars }] };
  };
  const expr = 'rate(x_bucket[$__rate_interval])';
  const panel: PanelModel = {
    ...{ id: 1, type: 'timeseries' },
    targets: [
      { refId: 'A', expr, exemplar: true },
      { refId: 'B', expr, exemplar: true },
      { refId: 'C', expr: 'y', exemplar: false },
    ],
  };
  const situation = { values: new Map(), range, width: 800 };
  expect(await loadExemplars(panel, situation, 15, ask)).toEqual([
    { time: 60_000, value: 0.25, labels: { service: 'sync', trace_id: 'abc' } },
  ]);
  expect(asked).toEqual(['/api/v1/query_exemplars rate(x_bucket[1m])']);
  expect(await loadExemplars({ ...panel, type: 'stat' }, situation, 15, ask)).toEqual([]);
});

it('of many at one time the highest is kept, and none outside the range', () => {
  const all = [
    at(500, 1),
    at(600, 3),
    at(700, 2),
    at(50_000, 1),
    at(-1, 9),
    at(130_000, 9),
    at(10, Number.NaN),
  ];
  expect(thinned(all, range)).toEqual([at(600, 3), at(50_000, 1)]);
});
