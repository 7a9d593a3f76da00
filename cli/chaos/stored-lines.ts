import { z } from 'zod';

/** A line as Loki gives it back. */
export interface StoredLine {
  /** Nanoseconds since the epoch. */
  readonly at: string;
  readonly line: string;
}

const answerSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});

const pageLines = 5000;
const timeoutMs = 60_000;

/**
 * Every line of an organization since a moment, oldest first, page by page.
 * @throws Error with Loki's answer when it does not answer with lines
 */
export async function* storedLines(
  url: string,
  organization: string,
  sinceMs: number,
): AsyncGenerator<StoredLine> {
  let start = `${sinceMs}000000`;
  let given = new Set<string>();
  for (;;) {
    const page = await onePage(url, organization, start);
    const fresh = page.filter(({ at, line }) => at !== start || !given.has(line));
    yield* fresh;
    const last = page.at(-1);
    if (last === undefined || fresh.length === 0) return;
    start = last.at;
    given = new Set(page.filter(({ at }) => at === last.at).map(({ line }) => line));
  }
}

async function onePage(url: string, organization: string, start: string): Promise<readonly StoredLine[]> {
  const query = new URLSearchParams({
    query: '{log_format="json"}',
    start,
    end: `${Date.now() + 600_000}000000`,
    limit: String(pageLines),
    direction: 'forward',
  });
  const response = await fetch(`${url}/loki/api/v1/query_range?${query}`, {
    headers: { 'x-scope-orgid': organization },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`Loki answered ${response.status}: ${await response.text()}`);
  const { data } = answerSchema.parse(await response.json());
  return data.result
    .flatMap(({ values }) => values.map(([at, line]) => ({ at, line })))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
