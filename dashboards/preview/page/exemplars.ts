import { interpolate, type Scope } from './interpolate.ts';
import type { Ask, PanelData, Situation } from './load.ts';
import type { PanelModel } from './model.ts';

/** One measured event, with the trace it happened in. */
export interface Exemplar {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: number;
  /** Its own, such as `trace_id`, and those of its series. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Dots that are told apart on one panel. */
const maxExemplars = 60;

/** Exemplars of a panel's queries that ask for them; without any when Prometheus has none to give. */
export async function loadExemplars(
  panel: PanelModel,
  { values, range }: Situation,
  step: number,
  ask: Ask,
): Promise<readonly Exemplar[]> {
  if (panel.type !== 'timeseries') return [];
  const scope: Scope = { values, range, step };
  const queries = new Set(
    (panel.targets ?? [])
      .filter(({ exemplar, expr }) => exemplar && expr)
      .map(({ expr = '' }) => interpolate(expr, scope)),
  );
  const bounds = { start: String(range.from / 1000), end: String(range.to / 1000) };
  const answers = await Promise.all(
    [...queries].map((query) => ask('prometheus', '/api/v1/query_exemplars', { query, ...bounds })),
  );
  return thinned(answers.flatMap(toExemplars), range);
}

interface Answered {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

function toExemplars(body: unknown): readonly Exemplar[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : [];
  return (Array.isArray(data) ? (data as readonly Answered[]) : []).flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value, timestamp }) => ({
      time: timestamp * 1000,
      value: Number(value),
      labels: { ...seriesLabels, ...labels },
    })),
  );
}

/** Of each stretch of time the highest: the slow request is the one that is looked for. */
export function thinned(all: readonly Exemplar[], { from, to }: PanelData['range']): readonly Exemplar[] {
  const width = Math.max(1, (to - from) / maxExemplars);
  const highest = new Map<number, Exemplar>();
  for (const exemplar of all) {
    if (exemplar.time < from || exemplar.time > to || !Number.isFinite(exemplar.value)) continue;
    const slot = Math.floor((exemplar.time - from) / width);
    if (exemplar.value > (highest.get(slot)?.value ?? Number.NEGATIVE_INFINITY)) highest.set(slot, exemplar);
  }
  return [...highest.values()].sort((left, right) => left.time - right.time);
}
