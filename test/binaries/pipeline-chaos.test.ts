import { expect, it } from 'vitest';
import { embeddedChaos } from '../../cli/chaos/embedded/embedded-chaos.ts';
import { idsOf } from '../../cli/chaos/log-load.ts';
import { type ChaosFigures, pipelineChaos } from '../../cli/chaos/pipeline-chaos.ts';
import { isWhole } from '../../cli/chaos/report.ts';
import { toolPath } from '../support/tools.ts';

it('the log pipeline loses nothing that it acknowledged, and delivers nothing damaged', {
  retry: 0,
  timeout: 300_000,
}, async () => {
  const figures = await pipelineChaos({
    loki: await toolPath('loki'),
    makeQueue: (directory) => embeddedChaos(directory, 2),
    kills: 3,
    outageMs: 2000,
    say: () => {},
    signal: new AbortController().signal,
  });
  expect(figures.kills).toEqual({ 'log-gateway': 1, 'log-ingestor': 1, loki: 1 });
  expect(figures.ledger.acknowledged).toBeGreaterThan(100);
  expect(figures.ledger.lost).toEqual([]);
  for (const { what, figure, outcome } of figures.trials) {
    if (outcome === 'not done') console.warn(`skipped: ${what}: ${figure}`);
    else expect(outcome, `${what}: ${figure}`).toBe('good');
  }
  expect(figures.trials).toHaveLength(4);
  expect(isWhole(figures)).toBe(true);
});

it('a run is whole only when nothing is lost, no acknowledgement is false, and every trial went well', () => {
  const ledger = {
    acknowledged: 2,
    stored: 2,
    deadLetters: 0,
    lost: [],
    duplicates: 0,
    unacknowledged: 0,
  };
  const trial = { what: 'torn tails', figure: '6', outcome: 'good' } as const;
  const figures: ChaosFigures = {
    queue: 'embedded',
    deeds: [],
    kills: {},
    ...{ outageSeconds: 0, seconds: 1, ledger, trials: [trial] },
    load: { acknowledged: 1, refused: 0, falseAcks: 0, unanswered: 0 },
  };
  expect(isWhole(figures)).toBe(true);
  expect(isWhole({ ...figures, ledger: { ...ledger, lost: ['b'] } })).toBe(false);
  expect(isWhole({ ...figures, ledger: { ...ledger, acknowledged: 0 } })).toBe(false);
  expect(isWhole({ ...figures, load: { ...figures.load, falseAcks: 1 } })).toBe(false);
  expect(isWhole({ ...figures, trials: [trial, { ...trial, outcome: 'bad' }] })).toBe(false);
  expect(isWhole({ ...figures, trials: [trial, { ...trial, outcome: 'not done' }] })).toBe(true);
  expect(isWhole({ ...figures, trials: [] })).toBe(false);
});

it('a 202 without an id of its own for each entry is no acknowledgement', () => {
  const [a, b] = ['0190b6e1-52f4-7b9c-8d0e-4f3a2b1c0d9e', '0190b6e1-52f4-7b9c-8d0e-4f3a2b1c0d9f'];
  expect(idsOf(JSON.stringify({ ids: [a, b] }), 2)).toEqual([a, b]);
  expect(idsOf(JSON.stringify({ ids: [a] }), 2)).toBeUndefined();
  expect(idsOf(JSON.stringify({ ids: [a, a] }), 2)).toBeUndefined();
  expect(idsOf(JSON.stringify({ ids: ['a', 'b'] }), 2)).toBeUndefined();
  expect(idsOf('{}', 2)).toBeUndefined();
  expect(idsOf('taken', 2)).toBeUndefined();
});
