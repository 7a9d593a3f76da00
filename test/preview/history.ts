import { type ServiceName, serviceNames, services } from '../../telemetry/contract/services.ts';
import { counter, gauge, histogram, type Sample } from './samples.ts';

/** Seconds between two samples, as the stack scrapes. */
const step = 15;

/** Smooth noise between 0 and 1 that is the same on every run. */
const noise = (seed: number, second: number): number =>
  0.5 +
  0.25 * Math.sin(second / 97 + seed * 1.7) +
  0.17 * Math.sin(second / 31 + seed * 4.1) +
  0.08 * Math.sin(second / 11 + seed);

const routes: Readonly<
  Record<ServiceName, readonly (readonly [method: string, route: string, share: number])[]>
> = {
  'backend-api': [
    ['GET', '/tasks', 9],
    ['POST', '/tasks', 3],
    ['GET', '/tasks/:id', 4],
    ['POST', '/tasks/:id/complete', 1.4],
    ['POST', '/login', 0.8],
  ],
  'recurring-task': [['POST', '/events/:topic', 4]],
  notification: [
    ['POST', '/events/:topic', 4.4],
    ['GET', '/reminders', 1],
  ],
  sync: [['POST', '/events/:topic', 5]],
  audit: [
    ['POST', '/events/:topic', 5.5],
    ['GET', '/entries', 0.6],
  ],
};

/** Length of the history in seconds; the incident of backend-api lies in its second half. */
const historySeconds = 4500;
const incident = (second: number): number =>
  second > 2500 && second < 3300 ? Math.min(1, (second - 2500) / 120, (3300 - second) / 120) : 0;

function identity(service: ServiceName): Record<string, string> {
  const { port } = services[service];
  return {
    ...{ service, cluster: 'local', environment: 'local', namespace: 'tasks', job: service },
    ...{ pod: `${service}-0`, container: service, instance: `127.0.0.1:${port}` },
  };
}

/** Statements of one service, and the few that fail. */
const databaseSamples = (own: Record<string, string>, median: (second: number) => number): Sample[] =>
  (['success', 'failure'] as const).flatMap((outcome) =>
    histogram(
      'db_client_operation_duration_seconds',
      { ...own, db_operation_name: 'SELECT', outcome },
      () => (outcome === 'success' ? 12 : 0.03),
      median,
    ),
  );

function samplesOf(service: ServiceName, seed: number, startedAt: number): Sample[] {
  const own = identity(service);
  const api = service === 'backend-api';
  const trouble = (second: number): number => (api ? incident(second) : 0);
  const requests = routes[service].flatMap(([method, route, share], index) => {
    const rate = (second: number): number => share * (0.5 + noise(seed + index, second));
    const labels = { ...own, http_request_method: method, http_route: route };
    const failing = (second: number): number => 0.002 + 0.16 * trouble(second);
    const median = (second: number): number =>
      0.012 + 0.008 * index + 0.02 * noise(seed * 3 + index, second) + 0.3 * trouble(second);
    const ok = histogram(
      'http_server_request_duration_seconds',
      { ...labels, http_response_status_code: '200' },
      (second) => rate(second) * (1 - failing(second)),
      median,
    );
    const bad = histogram(
      'http_server_request_duration_seconds',
      { ...labels, http_response_status_code: '500' },
      (second) => rate(second) * failing(second),
      median,
    );
    return [...ok, ...bad];
  });
  const topic = api ? 'task-updates' : 'task-events';
  const outcomes = (name: string, base: number, extra: Record<string, string>): Sample[] => [
    counter(name, { ...own, ...extra, outcome: 'success' }, (second) => base * (0.5 + noise(seed, second))),
    counter(
      name,
      { ...own, ...extra, outcome: 'failure' },
      (second) => base * 0.01 + base * 0.06 * trouble(second),
    ),
  ];
  const slow = (second: number): number => (service === 'notification' ? incident(second) : 0);
  return [
    ...requests,
    gauge('up', own, () => 1),
    gauge('service_build_info', { ...own, version: '0.1.0' }, () => 1),
    gauge('process_start_time_seconds', own, () => startedAt - seed * 7000),
    gauge(
      'process_resident_memory_bytes',
      own,
      (second) => (88 + seed * 9 + 26 * noise(seed, second)) * 1048576,
    ),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      own,
      (second) => 0.011 + 0.012 * noise(seed * 2, second) + 0.19 * trouble(second),
    ),
    counter('process_cpu_seconds_total', own, (second) => 0.03 + 0.05 * noise(seed, second) * (api ? 3 : 1)),
    gauge('health_check_status', { ...own, check: 'process' }, () => 1),
    gauge('health_check_status', { ...own, check: 'event_bus' }, () => 1),
    gauge('health_check_status', { ...own, check: 'database' }, (second) =>
      incident(second) > 0.7 && api ? 0 : 1,
    ),
    counter('log_lines_total', { ...own, level: 'INFO' }, (second) => 2 + 3 * noise(seed, second)),
    counter('log_lines_total', { ...own, level: 'ERROR' }, (second) => 0.004 + 0.5 * trouble(second)),
    gauge('event_consumer_lag', { ...own, topic }, (second) =>
      Math.round(1 + 3 * noise(seed, second) + 64 * slow(second)),
    ),
    gauge('event_dead_letters', { ...own, topic }, (second) =>
      service === 'notification' && second > 3200 ? 2 : 0,
    ),
    ...outcomes('events_processed_total', 3, { topic }),
    counter(
      'events_processed_total',
      { ...own, topic, outcome: 'retry' },
      (second) => 0.02 + 0.5 * slow(second),
    ),
    ...(api || service === 'sync' ? outcomes('events_published_total', 4, { topic: 'task-events' }) : []),
    ...histogram(
      'event_latency_seconds',
      { ...own, topic },
      (second) => 3 * (0.5 + noise(seed, second)),
      (second) => 0.02 + 0.02 * noise(seed, second) + 0.8 * slow(second),
    ),
    gauge('http_server_active_requests', { ...own, http_request_method: 'GET' }, (second) =>
      Math.round(2 * noise(seed, second) + 20 * trouble(second)),
    ),
    ...(service === 'sync' ? [] : databaseSamples(own, (second) => 0.004 + 0.2 * trouble(second))),
    ...(api
      ? [
          gauge('websocket_connections', own, (second) => Math.round(34 + 16 * noise(3, second / 3))),
          ...outcomes('websocket_deliveries_total', 9, {}),
          counter(
            'websocket_disconnects_total',
            { ...own, reason: 'client_closed' },
            (second) => 0.05 * noise(5, second),
          ),
          counter(
            'websocket_disconnects_total',
            { ...own, reason: 'dropped' },
            (second) => 0.004 + 0.1 * trouble(second),
          ),
          counter('websocket_reconnects_total', own, (second) => 0.01 + 0.1 * trouble(second - 60)),
        ]
      : []),
  ];
}

/**
 * An hour of the five services' metrics with one incident in it, as OpenMetrics text that promtool turns into
 * blocks. @param end epoch seconds of the newest sample
 */
export function historyText(end: number): string {
  const start = Math.floor(end) - historySeconds;
  const alert: Sample = {
    name: 'ALERTS',
    labels: {
      alertname: 'BackendApiRequestErrorsBurnRate',
      alertstate: 'firing',
      severity: 'critical',
      service: 'backend-api',
    },
    kind: 'unknown',
    at: (second) => (incident(second) > 0.6 ? 1 : Number.NaN),
  };
  const samples = [
    ...serviceNames.flatMap((service, seed) => samplesOf(service, seed + 1, start - 9000)),
    alert,
  ];
  const families = Map.groupBy(samples, ({ name }) => name);
  const lines: string[] = [];
  for (const [name, members] of families) {
    // Every series is written as it is stored: the parts of a histogram need no family of their own here.
    lines.push(`# TYPE ${name} unknown`);
    for (const { labels, at, kind } of members) {
      const text = Object.entries(labels)
        .map(([label, value]) => `${label}="${value}"`)
        .join(',');
      let total = 0;
      for (let second = 0; second <= historySeconds; second += step) {
        const value = at(second);
        if (Number.isNaN(value)) continue;
        total += kind === 'counter' ? value * step : 0;
        lines.push(`${name}{${text}} ${kind === 'counter' ? total.toFixed(4) : value} ${start + second}`);
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

interface Push {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [string, string])[];
  }[];
}

const messages = [
  'Listed tasks',
  'Created a task',
  'Delivered task-events to a subscriber',
  'Pushed a change to 12 clients',
  'Wrote an audit entry',
];

/** Log lines of the same hour, in the contract's format, for Loki's push API. */
export function logHistory(end: number): Push {
  const start = Math.floor(end) - historySeconds;
  const streams = serviceNames.flatMap((service, seed) =>
    (['INFO', 'WARNING', 'ERROR'] as const).map((level) => {
      const { job: _job, instance: _instance, ...own } = identity(service);
      const every = level === 'INFO' ? 9 : level === 'WARNING' ? 240 : 700;
      const values: [string, string][] = [];
      for (
        let second = seed;
        second < historySeconds;
        second += level === 'ERROR' && service === 'backend-api' && incident(second) > 0.2 ? 12 : every
      ) {
        const at = start + second;
        const entry = {
          timestamp: new Date(at * 1000).toISOString().replace('Z', '000Z'),
          level,
          logger: `${service}.http`,
          message:
            level === 'ERROR'
              ? 'Request failed: database is locked'
              : level === 'WARNING'
                ? 'Delivery will be tried again'
                : (messages[(second + seed) % messages.length] ?? ''),
          request_id: `req-${service}-${second}`,
          duration_ms: Math.round(8 + 40 * noise(seed, second)),
        };
        values.push([`${at}000000000`, JSON.stringify(entry)]);
      }
      return { stream: { ...own, level, log_format: 'json' }, values };
    }),
  );
  return { streams };
}
