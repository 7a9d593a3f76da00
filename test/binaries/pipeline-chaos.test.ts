import { expect, it } from 'vitest';
import { pipelineChaos } from '../../cli/chaos/pipeline-chaos.ts';
import { isWhole } from '../../cli/chaos/report.ts';
import { toolPath } from '../support/tools.ts';

it('the log pipeline loses nothing that it acknowledged, and delivers nothing damaged', async () => {
  const figures = await pipelineChaos({
    loki: await toolPath('loki'),
    kills: 3,
    outageMs: 2000,
    say: () => {},
    signal: new AbortController().signal,
  });
  expect(figures.kills).toEqual({ 'log-gateway': 1, 'log-ingestor': 1, loki: 1 });
  expect(figures.ledger.acknowledged).toBeGreaterThan(100);
  expect(figures.ledger.lost).toEqual([]);
  expect(figures.flippedBit).toEqual({
    counted: 1,
    named: expect.stringMatching(/"batch":\d+,"reason":"its checksum does not match its bytes"/),
    delivered: 0,
  });
  expect(isWhole(figures)).toBe(true);
  if (typeof figures.fullDisk === 'string') console.warn(`skipped: ${figures.fullDisk}`);
  else expect(figures.fullDisk.refusals).toBeGreaterThan(0);
}, 300_000);

it('a ledger with one lost entry is not whole', () => {
  const ledger = {
    acknowledged: 2,
    stored: 1,
    deadLetters: 0,
    lost: ['b'],
    duplicates: 0,
    unacknowledged: 0,
  };
  const figures = {
    kills: { 'log-gateway': 0, 'log-ingestor': 0, loki: 0 },
    ...{ outageSeconds: 0, strayTails: 0, fullDisk: 'no', seconds: 1 },
    load: { acknowledged: 1, refused: 0, unanswered: 0 },
    flippedBit: { counted: 1, named: '', delivered: 0 },
  };
  expect(isWhole({ ...figures, ledger })).toBe(false);
  expect(isWhole({ ...figures, ledger: { ...ledger, lost: [] } })).toBe(true);
});
