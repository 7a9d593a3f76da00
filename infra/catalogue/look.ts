import type { CatalogueMetric } from '../../telemetry/catalogue/types.ts';
import { compareAll } from './compare.ts';
import { type Exposition, parseExposition } from './exposition.ts';
import type { Workbench } from './workbench.ts';

/** Milliseconds for one request. */
const requestTimeoutMs = 5_000;
/** Milliseconds for all metrics to show; what is not there by then is reported as it is. */
const patienceMs = 30_000;

export type Metrics = Readonly<Record<string, CatalogueMetric>>;

/** A request to a component on this machine; its answer must be a 2xx, or one of `accept`. */
export async function ask(
  url: string,
  init: RequestInit = {},
  accept: readonly number[] = [],
): Promise<string> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
  const body = await answer.text();
  if (!answer.ok && !accept.includes(answer.status))
    throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 200)}`);
  return body;
}

export const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Waits until the address answers with 2xx. */
export const ready = (bench: Workbench, url: string): Promise<string> => bench.until(url, () => ask(url));

export const scrape = async (url: string): Promise<Exposition> => parseExposition(await ask(url));

/** Looks again until every metric is there as listed, or time is up; gives the last look either way. */
export async function settled(
  bench: Workbench,
  metrics: Metrics,
  look: () => Promise<Exposition>,
): Promise<Exposition> {
  const deadline = Date.now() + patienceMs;
  return bench.until('an exposition', async () => {
    const exposition = await look();
    const all = [...compareAll(metrics, exposition).values()];
    return all.every(({ state }) => state === 'verified') || Date.now() > deadline ? exposition : undefined;
  });
}
