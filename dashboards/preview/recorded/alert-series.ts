import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { namespaces } from '../../../telemetry/contract/services.ts';
import type { RecordedSeries } from './series.ts';
import { place } from './targets.ts';

interface RecordedAlert {
  readonly alertname: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly service: ServiceName;
  readonly state: 'firing' | 'pending';
  /** Seconds of every two hours in which it is active. */
  readonly from: number;
  readonly to: number;
}

/** What fires in the recorded set: by name, alerts that the stack has. */
export const recordedAlerts: readonly RecordedAlert[] = [
  {
    alertname: 'DatabaseErrors',
    severity: 'warning',
    service: 'backend-api',
    state: 'firing',
    from: 5300,
    to: 5900,
  },
  {
    alertname: 'HealthCheckFailing',
    severity: 'warning',
    service: 'backend-api',
    state: 'firing',
    from: 5280,
    to: 5820,
  },
  {
    alertname: 'HighErrorRatio',
    severity: 'warning',
    service: 'backend-api',
    state: 'firing',
    from: 5400,
    to: 5880,
  },
  {
    alertname: 'HighLatency',
    severity: 'warning',
    service: 'backend-api',
    state: 'pending',
    from: 5280,
    to: 5700,
  },
  {
    alertname: 'DeadLetters',
    severity: 'warning',
    service: 'notification',
    state: 'firing',
    from: 6000,
    to: 7200,
  },
];

/** `ALERTS`, as Prometheus writes it: 1 while an alert is active, nothing else. */
export const alertSeries = (): readonly RecordedSeries[] =>
  recordedAlerts.map(({ alertname, severity, service, state, from, to }) => ({
    labels: { ...place, namespace: namespaces.services, service, alertname, severity, alertstate: state },
    counter: false,
    at: (second) => {
      const now = second % 7200;
      return now >= from && now < to ? 1 : Number.NaN;
    },
  }));
