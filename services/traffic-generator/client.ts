import type { ServiceName } from '../../telemetry/contract/services.ts';
import type { Random } from './random.ts';
import type { Statistics } from './statistics.ts';

/** Where the services are; those that are not known are not visited. */
export type ServiceUrls = { readonly 'backend-api': string } & Readonly<Partial<Record<ServiceName, string>>>;

export interface Call {
  /** backend-api unless given. */
  readonly service?: ServiceName;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Route template, for the count. */
  readonly route: string;
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Milliseconds; longer than the latency fault, so that slow answers are counted as what they are. */
const timeoutMs = 15_000;

/** Sends requests with a request id and a trace of their own, and counts each. */
export class Client {
  readonly #urls: ServiceUrls;
  readonly #random: Random;
  readonly #statistics: Statistics;
  #unanswered = 0;

  constructor(urls: ServiceUrls, random: Random, statistics: Statistics) {
    this.#urls = urls;
    this.#random = random;
    this.#statistics = statistics;
  }

  /** Requests in a row that got no answer at all. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Headers that name a new request. */
  identity(): Record<string, string> {
    return {
      'x-request-id': `traffic-${this.#random.hex(16)}`,
      traceparent: `00-${this.#random.hex(32)}-${this.#random.hex(16)}-01`,
    };
  }

  /** The answer, or undefined when none came. Never rejects. */
  async send(call: Call): Promise<Answer | undefined> {
    const { service = 'backend-api', method, route, path, token, body } = call;
    let status: number | 'none' = 'none';
    try {
      const response = await fetch(`${this.#urls[service]}${path}`, {
        method,
        headers: {
          ...this.identity(),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      this.#unanswered = 0;
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      const parsed: unknown = isJson ? await response.json() : await response.text();
      return { status: response.status, body: parsed };
    } catch {
      if (status === 'none') this.#unanswered += 1;
      return undefined;
    } finally {
      // Once, also when the status came and its body did not.
      this.#statistics.count(service, method, route, status);
    }
  }
}
