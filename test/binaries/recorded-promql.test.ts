import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import { askRecorded } from '../../dashboards/preview/recorded/ask.ts';
import { recordedSeries } from '../../dashboards/preview/recorded/metric-series.ts';
import { recordedAt } from '../../dashboards/preview/recorded/recorded-at.ts';
import { askAll, differences, models } from '../support/recorded-answers.ts';
import { startRecordedPrometheus } from '../support/recorded-prometheus.ts';

/** Queries look back by the range they are asked for, and once a whole hour. */
const remembered = { from: recordedAt - 3_600_000, to: recordedAt };
describe('what the recorded set computes of PromQL', () => {
  let directory = '';
  let prometheus: Awaited<ReturnType<typeof startRecordedPrometheus>> | undefined;
  let compared = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recorded-'));
    const names = new Set<string>();
    const listen: Ask = (source, path, parameters) => {
      const words = `${parameters.query} ${parameters['match[]']}`.match(/[a-zA-Z_:][\w:]*/g) ?? [];
      if (source === 'prometheus') for (const word of words) names.add(word);
      return askRecorded(source, path, parameters);
    };
    for (const model of models) await askAll(model, listen);
    const known = [...names].filter((name) => recordedSeries(name).length > 0);
    expect(known.length).toBeGreaterThan(100);
    prometheus = await startRecordedPrometheus(known, remembered, directory);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await rm(directory, { recursive: true, force: true });
    console.log(`${compared} answers are those of a real Prometheus`);
  });

  it.each(models.map((model) => [model.uid, model] as const))(
    'is what Prometheus answers, for every query of %s',
    async (_, model) => {
      const found = new Map<string, readonly string[]>();
      const both: Ask = async (source, path, parameters) => {
        const ours = await askRecorded(source, path, parameters);
        if (source === 'loki' || !prometheus) return ours;
        const theirs = await prometheus.ask(source, path, parameters);
        compared += 1;
        if (path.includes('/label/')) {
          const sorted = (body: unknown) => [...(body as { data: string[] }).data].sort();
          expect(sorted(ours), parameters['match[]']).toEqual(sorted(theirs));
          return ours;
        }
        const differ = differences(ours, theirs);
        if (differ.length > 0)
          found.set(parameters.query ?? '', [`${differ.length} differ`, ...differ.slice(0, 3)]);
        return ours;
      };
      await askAll(model, both);
      expect(Object.fromEntries(found)).toEqual({});
    },
    120_000,
  );
});
