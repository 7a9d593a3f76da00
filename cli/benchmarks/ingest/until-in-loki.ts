import { setTimeout as delay } from 'node:timers/promises';
import type { LoadResult } from './load.ts';

const withinMs = 600_000;
const lookEveryMs = 250;

export interface InLoki extends LoadResult {
  /** From the first request until the last of its entries is in Loki. */
  readonly toLokiPerSecond: number;
}

interface ToLoki {
  readonly url: string;
  readonly organization: string;
  readonly signal: AbortSignal;
}

/** The load, and how long it took until Loki had the last line of it, by Loki's own count. */
export async function untilInLoki(
  { url, organization, signal }: ToLoki,
  load: () => Promise<LoadResult>,
): Promise<InLoki> {
  const before = await linesReceived(url, organization);
  const started = performance.now();
  const result = await load();
  const deadline = Date.now() + withinMs;
  while ((await linesReceived(url, organization)) - before < result.events) {
    if (Date.now() > deadline) {
      throw new Error(`Loki did not get all lines of ${organization} within ${withinMs} ms`);
    }
    await delay(lookEveryMs, undefined, { signal });
  }
  return { ...result, toLokiPerSecond: result.events / ((performance.now() - started) / 1000) };
}

/** Lines that Loki took of a tenant since it started. */
async function linesReceived(lokiUrl: string, tenant: string): Promise<number> {
  const response = await fetch(`${lokiUrl}/metrics`, { signal: AbortSignal.timeout(5000) });
  const lines = (await response.text()).split('\n');
  return lines
    .filter(
      (line) =>
        line.startsWith('loki_distributor_lines_received_total{') && line.includes(`tenant="${tenant}"`),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
