import type { Ask } from './load.ts';

/** Requests that run at once; browsers keep six connections to a host. */
const parallel = 6;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= parallel) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** Asks the preview’s proxy. @throws Error with the data source’s own message */
export const askProxy: Ask = (source, path, parameters) =>
  inTurn(() => getJson(`/proxy/${source}${path}?${new URLSearchParams(parameters).toString()}`));

export async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  throw new Error(messageOf(text) || `${response.status} ${response.statusText}`);
}

/** Prometheus and the preview answer errors as JSON, Loki as plain text. */
function messageOf(text: string): string {
  try {
    const body = JSON.parse(text) as { readonly error?: string; readonly message?: string };
    return body.error ?? body.message ?? text;
  } catch {
    return text.trim().slice(0, 500);
  }
}
