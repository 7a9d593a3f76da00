import type { ServiceName } from '../../telemetry/contract/services.ts';

/** `status` is `none` when no answer came. */
export type Outcome = number | 'none';

interface RequestCount {
  readonly service: string;
  readonly method: string;
  /** Route template, as in the metrics of the service. */
  readonly route: string;
  readonly status: string;
  readonly count: number;
}

export interface WebSocketCounts {
  connected: number;
  /** Connections that were opened, and how many of them to resume a lost one. */
  connects: number;
  resumes: number;
  failures: number;
  messages: number;
}

/** What the generator did. Routes and statuses are few, so this does not grow. */
export class Statistics {
  readonly #since = new Date();
  readonly #requests = new Map<string, number>();
  readonly webSockets: WebSocketCounts = { connected: 0, connects: 0, resumes: 0, failures: 0, messages: 0 };
  /** Requests that were due and not sent, because too many waited for an answer or the service was away. */
  skipped = 0;

  count(service: ServiceName, method: string, route: string, status: Outcome): void {
    const key = `${service} ${method} ${route} ${status}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
  }

  snapshot() {
    const requests: RequestCount[] = [...this.#requests].sort().map(([key, count]) => {
      const [service = '', method = '', route = '', status = ''] = key.split(' ');
      return { service, method, route, status, count };
    });
    const total = requests.reduce((sum, { count }) => sum + count, 0);
    const answered = requests.reduce((sum, { status, count }) => sum + (status === 'none' ? 0 : count), 0);
    return {
      since: this.#since.toISOString(),
      total,
      answered,
      skipped: this.skipped,
      requests,
      websockets: { ...this.webSockets },
    };
  }
}
