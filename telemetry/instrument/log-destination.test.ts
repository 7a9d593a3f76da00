import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expose } from './exposition.ts';
import { FinishedRequest } from './finished-request.ts';
import { createHttpServerMetrics } from './http-metrics.ts';
import { batched, type LogDestination } from './log-destination.ts';
import { createLogSystem } from './logger.ts';
import { createMetricStore } from './metrics.ts';
import { samplerFrom } from './sampling.ts';
import { Tracing } from './tracing.ts';

let directory: string;
let file: number;
let destination: LogDestination;
const written = () => readFileSync(join(directory, 'log'), 'utf8');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sightline-log-'));
  file = openSync(join(directory, 'log'), 'w');
  destination = batched(file);
});
afterEach(() => {
  destination.flushSync();
  closeSync(file);
  rmSync(directory, { recursive: true });
});

it('a deferred line keeps its place among the others, and is made once', () => {
  let made = 0;
  destination.write('first\n');
  destination.defer({ settle: () => `second, ${++made}\n` });
  destination.write('third\n');
  destination.flushSync();
  destination.flushSync();
  expect(written()).toBe('first\nsecond, 1\nthird\n');
});

it('a scrape counts the requests whose lines wait, each once, and their lines tell when they ended', async () => {
  const logs = createLogSystem('INFO', destination);
  const store = createMetricStore('backend-api', () => {});
  const kind = createHttpServerMetrics(store, logs).kind(0, '/tasks/:id', 200);
  const span = new Tracing(samplerFrom({}), undefined).receive({}, 'GET', 'server', {});
  const endedAt = performance.now() - 40;
  const ended = Date.now() - 40;
  for (let i = 0; i < 3; i += 1) kind.writer.defer(new FinishedRequest(kind, span, endedAt, 7.5));
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const { body } = await expose(store.registry, undefined);
    expect(body).toMatch(/^http_server_request_duration_seconds_count\{.*http_route="\/tasks\/:id".*\} 3$/m);
  }
  const lines = written().trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const { timestamp, duration_ms, trace_id } = JSON.parse(line) as Record<string, unknown>;
    expect(Math.abs(Date.parse(String(timestamp)) - ended)).toBeLessThan(20);
    expect(duration_ms).toBe(7.5);
    expect(trace_id).toBe(span.traceId);
  }
});
