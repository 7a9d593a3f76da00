import { metricLabels } from '../contract/labels.ts';
import { logLines } from '../contract/log-lines.ts';
import type { LogLevel } from '../contract/logs.ts';
import { polledRoutes, routesOf } from '../contract/routes.ts';
import type { LineWriter, LogSystem } from './logger.ts';
import type { MetricStore } from './metrics.ts';
import type { HistogramSeries } from './series.ts';

const methods: readonly string[] = metricLabels.http_request_method.values;
const unusualMethod = methods.length - 1;
const methodIndexes = new Map(methods.map((method, index) => [method, index]));
/** Routes that machines poll: their lines are worth reading only when something is looked for. */
const polled: ReadonlySet<string> = new Set(polledRoutes);
const unmatched = 'unmatched';

/** All that is the same for requests of one method, route and status: looked up once a request, made once. */
export interface RequestKind {
  readonly route: string;
  readonly duration: HistogramSeries;
  readonly writer: LineWriter;
  /** The line's message, and its free fields up to the duration's value, as JSON. */
  readonly message: string;
  readonly fields: string;
  readonly spanName: string;
  /** Asked for by machines: not logged, so an exemplar of it would lead to nothing. */
  readonly polled: boolean;
}

export interface HttpServerMetrics {
  /** @returns the index of the method, for the other two */
  begin(method: string): number;
  /** The kind of a request that has ended. A route that the contract does not declare counts as unmatched. */
  kind(methodIndex: number, route: string | undefined, status: number): RequestKind;
  end(methodIndex: number): void;
}

export function createHttpServerMetrics(store: MetricStore, logs: LogSystem): HttpServerMetrics {
  // Requests that have ended may wait with their line: a scrape counts them all.
  const durations = store.series('http_server_request_duration_seconds', () => logs.flush());
  const activeByMethod = methods.map(() => 0);
  const active = store.series('http_server_active_requests', () => {
    for (const [index, method] of methods.entries()) {
      active.value({ http_request_method: method }).value = activeByMethod[index] ?? 0;
    }
  });
  const writers = new Map<LogLevel, LineWriter>(
    (['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const).map((level) => [
      level,
      logs.lineWriter(logLines.request_failed.logger, level),
    ]),
  );
  const debug = logs.lineWriter(logLines.request_failed.logger, 'DEBUG');
  const log = logs.logger('http.server');
  const declared = new Set<string>(routesOf[store.service]);
  const undeclared = new Set<string>();
  const kinds = new Map<string, RequestKind[]>();

  function checkedRoute(route: string): string {
    if (declared.has(route)) return route;
    if (undeclared.size < 100 && !undeclared.has(route)) {
      undeclared.add(route);
      log.warning('A route that the contract does not declare is counted as unmatched', {
        http_route: route,
      });
    }
    return unmatched;
  }

  function makeKind(methodIndex: number, given: string, status: number): RequestKind {
    const method = methods[methodIndex] ?? '_OTHER';
    const route = checkedRoute(given);
    return {
      route,
      duration: durations.histogram({
        http_request_method: method,
        http_route: route,
        http_response_status_code: String(status),
      }),
      writer: writers.get(levelOf(route, status)) ?? debug,
      // Loki finds patterns only in messages of four words and more.
      message: JSON.stringify(`${method} ${route} answered with status ${status}`),
      fields: `,"http_request_method":"${method}","http_route":${JSON.stringify(route)},"http_response_status_code":${status},"duration_ms":`,
      polled: polled.has(route),
      spanName: route === unmatched ? method : `${method} ${route}`,
    };
  }

  return {
    begin(method) {
      const index = methodIndexes.get(method) ?? unusualMethod;
      activeByMethod[index] = (activeByMethod[index] ?? 0) + 1;
      return index;
    },
    end(methodIndex) {
      activeByMethod[methodIndex] = (activeByMethod[methodIndex] ?? 1) - 1;
    },
    kind(methodIndex, given, status) {
      const route = given ?? unmatched;
      let ofRoute = kinds.get(route);
      if (ofRoute === undefined) {
        ofRoute = [];
        if (declared.has(route)) kinds.set(route, ofRoute);
      }
      const index = status * methods.length + methodIndex;
      let kind = ofRoute[index];
      if (kind === undefined) {
        kind = makeKind(methodIndex, route, status);
        ofRoute[index] = kind;
      }
      return kind;
    },
  };
}

/** 5xx is an ERROR, 4xx a WARNING, the rest INFO; what machines poll is DEBUG unless it fails with 5xx. */
function levelOf(route: string, status: number): LogLevel {
  if (status >= 500 && !polled.has(route)) return logLines.request_failed.level;
  if (polled.has(route)) return status >= 500 ? 'WARNING' : 'DEBUG';
  return status >= 400 ? 'WARNING' : 'INFO';
}
