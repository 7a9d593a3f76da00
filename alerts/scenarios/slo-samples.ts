import type { RecordedName } from '../../telemetry/contract/recorded.ts';
import { renderPart, series } from '../../telemetry/query/query.ts';
import { type Samples, subject } from './scenario.ts';

/** What is recorded for each SLO and service. */
export type SloSeries = Exclude<RecordedName, 'slo:objective:ratio' | 'service:up:max'>;

/** A recorded series of an SLO, as if Prometheus had written it; values one after the other, in promtool's notation. */
export const recordedSample = (
  slo: { readonly id: string; readonly service: string },
  name: SloSeries,
  values: readonly string[],
): Samples[number] => [
  renderPart(series(name, { ...subject(slo.service), slo: slo.id }), {}),
  values.join(' '),
];
