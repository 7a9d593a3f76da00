import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HealthCheck } from '../process-spec.ts';
import { httpCall } from './http-call.ts';
import { probeKafka } from './kafka-probe.ts';
import { probeRedis } from './redis-probe.ts';

/** Asks once; resolves when the process does its work, rejects with the reason when it does not. */
export type HealthProbe = () => Promise<void>;

/** Milliseconds a probe may take. */
const timeoutMs = 5_000;
/** A line pushed to Loki must be found within this long (milliseconds). */
const roundtripMs = 10_000;
/** While Loki answers /ready, the full round trip is repeated this often (milliseconds). */
const roundtripEveryMs = 60_000;

export function createHealthProbe(check: HealthCheck): HealthProbe {
  switch (check.kind) {
    case 'http':
      return () => probeHttp(check.url, check.bodyIncludes);
    case 'prometheus-query':
      return () => probePrometheus(check.url, check.query);
    case 'redis-ping':
      return () => probeRedis(check.port, check.passwordFile, timeoutMs);
    case 'loki-roundtrip':
      return createLokiProbe(check.url, check.tenant);
    case 'kafka-broker':
      return () => probeKafka(check.host, check.port, timeoutMs);
  }
}

async function probeHttp(url: string, bodyIncludes?: string): Promise<void> {
  const answer = await httpCall({ url, timeoutMs });
  if (answer.status < 200 || answer.status > 299) throw new Error(`${url} answers ${answer.status}`);
  if (bodyIncludes !== undefined && !answer.body.includes(bodyIncludes)) {
    throw new Error(`the answer of ${url} lacks "${bodyIncludes}"`);
  }
}

async function probePrometheus(baseUrl: string, query: string): Promise<void> {
  const url = new URL('/api/v1/query', baseUrl);
  url.searchParams.set('query', query);
  const answer = await httpCall({ url: url.href, timeoutMs });
  if (answer.status !== 200) throw new Error(`Prometheus answers ${answer.status}`);
  if (!hasResult(answer.body)) throw new Error(`no sample for ${query}`);
}

/** Prometheus and Loki answer a query in the same shape. */
function hasResult(body: string): boolean {
  const answer: { data?: { result?: unknown } } = JSON.parse(body);
  return Array.isArray(answer.data?.result) && answer.data.result.length > 0;
}

/**
 * The first success, and one a minute after it, is a round trip: a unique line is pushed and queried back. In
 * between /ready is enough; it lags behind the first round trip by many seconds, so where it fails, the round trip
 * decides. The lines are in the stream {sightline_probe="supervisor"}.
 */
function createLokiProbe(baseUrl: string, tenant: string): HealthProbe {
  let lastRoundtrip = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - lastRoundtrip < roundtripEveryMs) {
      const ready = await httpCall({ url: new URL('/ready', baseUrl).href, timeoutMs });
      if (ready.status === 200) return;
    }
    await lokiRoundtrip(baseUrl, tenant);
    lastRoundtrip = performance.now();
  };
}

async function lokiRoundtrip(baseUrl: string, tenant: string): Promise<void> {
  const id = randomUUID();
  const at = `${Date.now()}000000`;
  const headers = { 'content-type': 'application/json', 'x-scope-orgid': tenant };
  const body = JSON.stringify({
    streams: [{ stream: { sightline_probe: 'supervisor' }, values: [[at, `health probe ${id}`]] }],
  });
  const push = new URL('/loki/api/v1/push', baseUrl).href;
  const pushed = await httpCall({ method: 'POST', url: push, headers, body, timeoutMs });
  // Loki answers 260 when it drops what a blocked tenant sends.
  if (pushed.status !== 204)
    throw new Error(`Loki's push answers ${pushed.status}: ${pushed.body.slice(0, 120).trim()}`);
  const query = new URL('/loki/api/v1/query_range', baseUrl);
  query.searchParams.set('query', `{sightline_probe="supervisor"} |= "${id}"`);
  query.searchParams.set('start', `${Date.now() - 60_000}000000`);
  query.searchParams.set('end', `${Date.now() + 60_000}000000`);
  query.searchParams.set('limit', '1');
  const deadline = performance.now() + roundtripMs;
  let reason = 'the line is not there';
  while (performance.now() < deadline) {
    const answer = await httpCall({ url: query.href, headers, timeoutMs });
    if (answer.status === 200 && hasResult(answer.body)) return;
    if (answer.status !== 200) reason = `query answers ${answer.status}: ${answer.body.slice(0, 120).trim()}`;
    await delay(100);
  }
  throw new Error(`a line pushed to Loki was not found within ${roundtripMs / 1000} s: ${reason}`);
}
