import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { lokiAuthorization } from '../../pipeline/loki/authorization.ts';

/** A line of Loki's answer, with its labels and structured metadata together. */
export interface LokiLine {
  /** Nanoseconds since the epoch, 19 decimal digits. */
  readonly ns: string;
  readonly line: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RangeQuery {
  readonly organization: string;
  readonly logql: string;
  /** Nanoseconds since the epoch; the end is not within. */
  readonly start: string;
  readonly end: string;
  readonly limit: number;
}

const answer = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

export interface LokiClientOptions {
  readonly url: string;
  readonly timeoutSeconds: number;
  /** Of basic authentication. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Headers that carry the trace on. */
  readonly trace: () => object;
}

/** Loki has the lines, and its parts cannot hand so many bytes to each other: fewer lines may do. */
export class TooManyLines extends HttpProblem {
  constructor() {
    super(502, 'The store of logs cannot answer with so much');
  }
}

/** Asks Loki for lines of one organization. */
export class LokiClient {
  readonly #options: LokiClientOptions;

  constructor(options: LokiClientOptions) {
    this.#options = options;
  }

  /** Newest first. @throws HttpProblem 400 for what Loki refuses, 502 (of which TooManyLines is one), 504 */
  async lines(query: RangeQuery, signal?: AbortSignal): Promise<readonly LokiLine[]> {
    const { organization, logql, start, end, limit } = query;
    const parameters = new URLSearchParams({
      query: logql,
      start,
      end,
      limit: String(limit),
      direction: 'backward',
    });
    const text = await this.#get(`/loki/api/v1/query_range?${parameters}`, organization, signal);
    const parsed = answer.safeParse(JSON.parse(text));
    if (!parsed.success) throw new HttpProblem(502, 'The store of logs gave an answer that cannot be read');
    return parsed.data.data.result
      .flatMap(({ stream, values }) => values.map(([ns, line]) => ({ ns, line, labels: stream })))
      .sort((a, b) => (a.ns < b.ns ? 1 : a.ns > b.ns ? -1 : 0));
  }

  /** Throws where Loki does not answer. */
  async probe(): Promise<void> {
    await this.#get('/loki/api/v1/status/buildinfo', 'probe', AbortSignal.timeout(1500));
  }

  async #get(path: string, organization: string, signal?: AbortSignal): Promise<string> {
    const { url, timeoutSeconds, trace, ...access } = this.#options;
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, {
        headers: { ...trace(), ...lokiAuthorization(access), 'x-scope-orgid': organization },
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      text = await response.text();
    } catch {
      if (timeout.aborted) throw new HttpProblem(504, 'The store of logs did not answer in time');
      throw new HttpProblem(502, 'The store of logs does not answer');
    }
    if (response.ok) return text;
    // What Loki says may hold the query and its own addresses.
    if (response.status === 429) throw new HttpProblem(429, 'The store of logs is busy; try again');
    if (response.status === 400)
      throw new HttpProblem(400, 'The store of logs refuses the search: ask for less time');
    if (text.includes('message larger than max')) throw new TooManyLines();
    throw new HttpProblem(502, 'The store of logs did not answer the search');
  }
}
