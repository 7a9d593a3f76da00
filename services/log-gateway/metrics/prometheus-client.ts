import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';

const answer = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.string(), result: z.array(z.unknown()) }),
  warnings: z.array(z.string()).optional(),
});
export type MetricsAnswer = z.output<typeof answer>['data'];

const refusal = z.object({ error: z.string() });

export interface PrometheusClientOptions {
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly trace: () => object;
}

/** Asks Prometheus. */
export class PrometheusClient {
  readonly #options: PrometheusClientOptions;

  constructor(options: PrometheusClientOptions) {
    this.#options = options;
  }

  /** @throws HttpProblem 400 with what Prometheus says about the query, 502, 504 */
  async ask(
    path: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>>,
  ): Promise<MetricsAnswer> {
    const { url, timeoutSeconds, trace } = this.#options;
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: { ...trace(), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...parameters, timeout: `${timeoutSeconds}s` }),
        signal: timeout,
      });
      body = await response.json();
    } catch {
      if (timeout.aborted) throw new HttpProblem(504, 'Prometheus did not answer in time');
      throw new HttpProblem(502, 'Prometheus does not answer');
    }
    if (response.status === 400 || response.status === 422) {
      const why = refusal.safeParse(body).data?.error.slice(0, 500);
      throw new HttpProblem(400, `Prometheus refuses the query: ${why ?? 'it gave no reason'}`);
    }
    const parsed = answer.safeParse(body);
    if (!parsed.success) throw new HttpProblem(502, 'Prometheus did not answer the query');
    return parsed.data.data;
  }

  /** Throws where Prometheus does not answer. */
  async probe(): Promise<void> {
    const response = await fetch(`${this.#options.url}/-/ready`, { signal: AbortSignal.timeout(1500) });
    if (!response.ok) throw new Error('Prometheus is not ready');
  }
}
