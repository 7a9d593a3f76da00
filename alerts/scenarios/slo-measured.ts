import type { SloDefinition } from '../../telemetry/contract/slos.ts';
import type { Matchers, SeriesName } from '../../telemetry/query/series.ts';
import { bucketLabel } from '../slo/indicator.ts';
import { type Samples, sample } from './scenario.ts';

/** What a service does for so long: events each minute. */
export interface Phase {
  readonly minutes: number;
  readonly good: number;
  readonly bad: number;
  /** The service starts anew, and with it its counters. */
  readonly restarts?: true;
}

/** What the SLO's service exposes meanwhile, a sample a minute, beside another service that does nothing right. */
export function measured({ service, indicator }: SloDefinition, phases: readonly Phase[]): Samples {
  const bad = counter(phases, (phase) => phase.bad);
  const good = counter(phases, (phase) => phase.good);
  const all = counter(phases, (phase) => phase.good + phase.bad);
  const none = counter(phases, () => 0);
  const health = (
    of: string,
    check: 'process' | 'database',
    value: (phase: Phase) => number,
  ): Samples[number] => sample(of, 'health_check_status', { check }, gauge(phases, value));
  switch (indicator.kind) {
    case 'health':
      return [
        sample(
          service,
          'up',
          {},
          gauge(phases, () => 1),
        ),
        health(service, 'process', () => 1),
        health(service, 'database', (phase) => (phase.bad > 0 ? 0 : 1)),
        sample(
          stranger,
          'up',
          {},
          gauge(phases, () => 0),
        ),
      ];
    case 'ratio':
      return [
        request(service, '/tasks', '200', good),
        request(service, '/tasks', '500', bad),
        request(
          service,
          '/metrics',
          '200',
          counter(phases, () => 4),
        ),
        request(stranger, '/tasks', '500', all),
      ];
    case 'latency':
      return [service, stranger].flatMap((of) => {
        const timed = (part: 'bucket' | 'count', values: string, le?: string): Samples[number] =>
          selected(of, `${indicator.histogram}_${part}`, values, {
            ...(indicator.where && request200),
            ...(le && { le }),
          });
        return [
          timed('bucket', of === service ? good : none, bucketLabel(indicator.threshold)),
          timed('bucket', all, '+Inf'),
          timed('count', all),
        ];
      });
  }
}

const stranger = 'alert-history';

const request200 = {
  http_request_method: 'GET',
  http_route: '/tasks',
  http_response_status_code: '200',
} as const;

const request = (service: string, route: '/tasks' | '/metrics', status: string, values: string) =>
  sample(
    service,
    'http_server_request_duration_seconds_count',
    { ...request200, http_route: route, http_response_status_code: status },
    values,
  );

const selected = <S extends SeriesName>(
  service: string,
  name: S,
  values: string,
  labels: Readonly<Record<string, string>>,
): Samples[number] => sample(service, name, labels as Matchers<S>, values);

const gauge = (phases: readonly Phase[], value: (phase: Phase) => number): string =>
  phases.map((phase) => `${value(phase)}x${phase.minutes - 1}`).join(' ');

/** In promtool's notation, each phase from where the one before ended, or from nothing after a restart. */
function counter(phases: readonly Phase[], perMinute: (phase: Phase) => number): string {
  let total = 0;
  return phases
    .map((phase) => {
      if (phase.restarts) total = 0;
      const growth = perMinute(phase);
      const notation = `${total}+${growth}x${phase.minutes - 1}`;
      total += growth * phase.minutes;
      return notation;
    })
    .join(' ');
}
