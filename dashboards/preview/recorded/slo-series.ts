import type { recorded } from '../../../telemetry/contract/recorded.ts';
import { namespaces } from '../../../telemetry/contract/services.ts';
import { slos } from '../../../telemetry/contract/slos.ts';
import { aftermathAt, chance, course, troubleAt } from './noise.ts';
import type { RecordedSeries } from './series.ts';
import { place } from './targets.ts';

/** How much of the trouble in five minutes is left in a longer window. */
const memory: Readonly<Record<string, number>> = {
  '5m': 1,
  '30m': 0.5,
  '1h': 0.22,
  '2h': 0.2,
  '6h': 0.06,
  '1d': 0.03,
  '3d': 0.02,
  _period: 0.008,
};

/** What recording rules say of every SLO of the contract; none for another name. */
export function sloSeries(name: string): readonly RecordedSeries[] {
  const what = name as keyof typeof recorded;
  if (what === 'slo:objective:ratio')
    return slos.map(({ id, objective }) => ({ labels: { slo: id }, counter: false, at: () => objective }));
  if (!name.startsWith('slo:')) return [];
  const window = /(?:count|ratio)(_period|\d+[mhd])$/.exec(name)?.[1] ?? '_period';
  return slos.map(({ id, service, objective }) => {
    const budget = 1 - objective;
    const calm = 0.1 + 0.5 * chance(id);
    // Five minutes forget at once; a longer window remembers what happened for a while.
    const harmAt = window === '5m' ? troubleAt : aftermathAt;
    const bad = (second: number): number => {
      const own = 0.5 + course(chance(id), second / (window === '5m' ? 1 : 9));
      const harm = id.endsWith('errors') ? 0.05 : 0.004;
      return budget * calm * own + harm * (memory[window] ?? 0) * harmAt(second, service);
    };
    const events = (second: number): number =>
      3600 * (1 + 4 * chance(id)) * (0.8 + 0.4 * course(chance(id), second));
    const at = (second: number): number => {
      if (name.startsWith('slo:events:')) return Math.round(events(second));
      if (name.startsWith('slo:bad_events:')) return Math.round(events(second) * bad(second));
      if (name.startsWith('slo:errors:')) return bad(second);
      if (what === 'slo:attainment:ratio_period') return 1 - bad(second);
      return 1 - bad(second) / budget;
    };
    return { labels: { ...place, namespace: namespaces.services, service, slo: id }, counter: false, at };
  });
}
