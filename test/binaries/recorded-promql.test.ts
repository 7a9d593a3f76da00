import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/index.ts';
import { type Ask, loadPanel, loadRegions } from '../../dashboards/preview/page/load.ts';
import type { DashboardModel } from '../../dashboards/preview/page/model.ts';
import { chosenFrom, resolveVariables, valuesOf } from '../../dashboards/preview/page/variable-values.ts';
import { askRecorded } from '../../dashboards/preview/recorded/ask.ts';
import { recordedSeries } from '../../dashboards/preview/recorded/metric-series.ts';
import { recordedAt } from '../../dashboards/preview/recorded/recorded-at.ts';
import { startRecordedPrometheus } from '../support/recorded-prometheus.ts';

/** Half an hour with the end of an incident in it; queries look back as long again, and once a whole hour. */
const range = { from: recordedAt - 1_800_000, to: recordedAt };
const remembered = { from: recordedAt - 3_600_000, to: recordedAt };
/** So narrow that there is a point a minute. */
const width = 60;
/** Relative; both compute with the same 64 bits, in another order. */
const tolerance = 1e-6;

const models = buildDashboards().map(({ json }) => JSON.parse(json) as DashboardModel);

/** Asks all that a person who opens the dashboard asks of Prometheus. */
async function askAll(model: DashboardModel, ask: Ask): Promise<void> {
  const chosen = chosenFrom(model, new URLSearchParams());
  const values = valuesOf(await resolveVariables(model, chosen, range, ask));
  const situation = { values, range, width };
  await loadRegions(model.annotations.list ?? [], situation, ask);
  const panels = model.panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
  for (const panel of panels) await loadPanel(panel, situation, ask);
}

interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Value by series and time. */
function numbersOf(body: unknown): ReadonlyMap<string, number> {
  const { result } = (body as { data: { result: readonly Found[] } }).data;
  return new Map(
    result.flatMap(({ metric, value, values = [] }) => {
      const labels = JSON.stringify(
        Object.entries(metric).sort(([left], [right]) => (left < right ? -1 : 1)),
      );
      return [...(value ? [value] : []), ...values].flatMap(([second, text]) => {
        const number = Number(text.replace('Inf', 'Infinity'));
        return Number.isNaN(number) ? [] : [[`${labels} at ${second}`, number] as const];
      });
    }),
  );
}

const isClose = (left: number, right: number): boolean =>
  left === right || Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right), 1e-9);

/** Where two answers differ, the first few. */
function differences(ours: unknown, theirs: unknown): readonly string[] {
  const [mine, real] = [numbersOf(ours), numbersOf(theirs)];
  return [...new Set([...mine.keys(), ...real.keys()])]
    .filter((key) => !isClose(mine.get(key) ?? Number.NaN, real.get(key) ?? Number.NaN))
    .map((key) => `${key}: ${mine.get(key)}, and Prometheus ${real.get(key)}`);
}

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
