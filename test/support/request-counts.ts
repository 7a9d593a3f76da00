import { serviceNames } from '../../telemetry/contract/services.ts';
import type { Sample } from './stack-client.ts';
import type { TrafficTimeline } from './traffic-timeline.ts';

/** Requests a second: all, and those answered with a status of 500 and above. */
export interface RequestRates {
  readonly requests: number;
  readonly errors: number;
}

/** recurring-task creates tasks too, and a WebSocket is no request of the generator's statistics. */
const isOnlyTheGenerators = (method: string | undefined, route: string | undefined): boolean =>
  !(method === 'POST' && route === '/tasks') && route !== '/updates';

const key = ({ metric }: Sample): string =>
  `${metric.service} ${metric.http_request_method} ${metric.http_route}`;

/** What a table of routes shows: a row's rate, and the share of it that failed. */
export function ratesShown(rates: readonly Sample[], errorRatios: readonly Sample[]): RequestRates {
  const rows = rates.filter(
    ({ metric }) =>
      // The log pipeline is the canary's.
      serviceNames.some((name) => name === metric.service) &&
      isOnlyTheGenerators(metric.http_request_method, metric.http_route),
  );
  const ratioOf = new Map(errorRatios.map((sample) => [key(sample), sample.value]));
  const failed = (row: Sample): number => {
    const ratio = ratioOf.get(key(row));
    if (ratio === undefined) throw new Error(`${key(row)} has a rate, and no share of errors`);
    // Of no requests no share failed.
    return row.value === 0 ? 0 : row.value * ratio;
  };
  return {
    requests: rows.reduce((sum, { value }) => sum + value, 0),
    errors: rows.reduce((sum, row) => sum + failed(row), 0),
  };
}

/** What the generator says it sent from one moment to another (epoch milliseconds), and how it was answered. */
export function ratesSent(traffic: TrafficTimeline, from: number, to: number): RequestRates {
  const byStatus = traffic.between(from, to, ({ method, route, status }) =>
    status !== 'none' && isOnlyTheGenerators(method, route) ? status : undefined,
  );
  const seconds = (to - from) / 1000;
  const sum = (counts: readonly (readonly [string, number])[]): number =>
    counts.reduce((all, [, count]) => all + count, 0) / seconds;
  return {
    requests: sum([...byStatus]),
    errors: sum([...byStatus].filter(([status]) => status.startsWith('5'))),
  };
}

/** Changes of tasks, each of which is an event. */
export const changesSent = (traffic: TrafficTimeline, from: number, to: number): number =>
  traffic
    .between(from, to, ({ method, route, status }) =>
      method !== 'GET' && route !== '/login' && status.startsWith('2') ? 'changed' : undefined,
    )
    .get('changed') ?? 0;
