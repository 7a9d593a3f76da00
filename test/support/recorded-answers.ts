import { buildDashboards } from '../../dashboards/index.ts';
import { type Ask, loadPanel, loadRegions } from '../../dashboards/preview/page/load.ts';
import type { DashboardModel } from '../../dashboards/preview/page/model.ts';
import { chosenFrom, resolveVariables, valuesOf } from '../../dashboards/preview/page/variable-values.ts';
import { recordedAt } from '../../dashboards/preview/recorded/recorded-at.ts';

/** Half an hour with the end of an incident in it. */
const range = { from: recordedAt - 1_800_000, to: recordedAt };

/** So narrow that there is a point a minute. */
const width = 60;
/** Relative; both compute with the same 64 bits, in another order. */
const tolerance = 1e-6;

export const models = buildDashboards().map(({ json }) => JSON.parse(json) as DashboardModel);

/** Asks all that a person who opens the dashboard asks of Prometheus and Loki. */
export async function askAll(model: DashboardModel, ask: Ask): Promise<void> {
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
export function differences(ours: unknown, theirs: unknown): readonly string[] {
  const [mine, real] = [numbersOf(ours), numbersOf(theirs)];
  return [...new Set([...mine.keys(), ...real.keys()])]
    .filter((key) => !isClose(mine.get(key) ?? Number.NaN, real.get(key) ?? Number.NaN))
    .map((key) => `${key}: ${mine.get(key)}, in the store ${real.get(key)}`);
}
