import { localPorts } from '../../infra/local/ports.ts';
import type { SharedStack } from '../e2e/setup.ts';
import { runCli } from './cli.ts';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface LogEntry {
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly line: string;
}

type StackAddress = Pick<SharedStack, 'portOffset' | 'env'>;

/** What tests ask of a running local stack, by the APIs that its users have. */
export class StackClient {
  readonly ports: ReturnType<typeof localPorts>;
  private readonly stack: StackAddress;

  constructor(stack: StackAddress) {
    this.stack = stack;
    this.ports = localPorts(stack.portOffset);
  }

  url(port: keyof ReturnType<typeof localPorts>, path = ''): string {
    return `http://127.0.0.1:${this.ports[port]}${path}`;
  }

  cli(args: readonly string[]): ReturnType<typeof runCli> {
    return runCli(args, { env: this.stack.env });
  }

  async json<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** An instant query; gives the vector's samples. @param at epoch milliseconds; now by default */
  async prometheus(query: string, at?: number): Promise<readonly Sample[]> {
    const time = at === undefined ? '' : `&time=${at / 1000}`;
    const { data } = await this.json<{
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    }>(this.url('prometheus', `/api/v1/query?query=${encodeURIComponent(query)}${time}`));
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /**
   * Entries that match, with labels and structured metadata apart.
   * @param from epoch milliseconds; an hour ago by default
   */
  async loki(query: string, from = Date.now() - 3_600_000): Promise<readonly LogEntry[]> {
    type Value = [string, string, { structuredMetadata?: Record<string, string> }?];
    const { data } = await this.json<{
      data: { result: { stream: Record<string, string>; values: Value[] }[] };
    }>(
      this.url(
        'loki',
        `/loki/api/v1/query_range?query=${encodeURIComponent(query)}&start=${from}000000&limit=1000`,
      ),
      {
        'X-Scope-OrgID': 'platform',
        'X-Loki-Response-Encoding-Flags': 'categorize-labels',
      },
    );
    return data.result.flatMap(({ stream, values }) =>
      values.map(([, line, extra]) => ({ labels: stream, metadata: extra?.structuredMetadata ?? {}, line })),
    );
  }
}
