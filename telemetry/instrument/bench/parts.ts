import { openSync } from 'node:fs';
import { activeSpan } from '../active-span.ts';
import { thousandths } from '../digits.ts';
import { createHttpServerMetrics } from '../http-metrics.ts';
import { batched } from '../log-destination.ts';
import { createLogSystem } from '../logger.ts';
import { createMetricStore } from '../metrics.ts';
import { samplerFrom } from '../sampling.ts';
import { Tracing } from '../tracing.ts';

/** Microseconds of one request that each part of the kit takes, alone in a hot loop: its least disturbed round. */
export interface PartCosts {
  readonly metrics: number;
  readonly logging: number;
  readonly tracing: number;
}

const iterations = 100_000;
const rounds = 7;

export function measureParts(): PartCosts {
  const logs = createLogSystem('INFO', batched(openSync('/dev/null', 'w')));
  const http = createHttpServerMetrics(
    createMetricStore('backend-api', () => {}),
    logs,
  );
  const tracing = new Tracing(samplerFrom({}), undefined);
  const method = http.begin('GET');
  const kind = http.kind(method, '/tasks/:id', 200);
  const span = tracing.receive({}, 'GET', 'server', {});
  const carrier = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const handler = () => {};
  return {
    metrics: leastMicroseconds((i) => {
      const index = http.begin('GET');
      http.kind(index, '/tasks/:id', 200).duration.observe(i * 1e-6, span);
      http.end(index);
    }),
    logging:
      leastMicroseconds((i) => {
        const fresh = tracing.receive(carrier, 'GET', 'server', {});
        kind.writer.defer({
          settle: () =>
            kind.writer.line(
              performance.now(),
              kind.message,
              fresh.serialized,
              kind.fields + thousandths(i / 1000),
            ),
        });
      }) - leastMicroseconds(() => tracing.receive(carrier, 'GET', 'server', {})),
    tracing: leastMicroseconds(() => activeSpan.run(tracing.receive(carrier, 'GET', 'server', {}), handler)),
  };
}

function leastMicroseconds(step: (i: number) => unknown): number {
  const costs = Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let i = 0; i < iterations; i += 1) step(i);
    return ((performance.now() - start) * 1000) / iterations;
  });
  return Math.min(...costs);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
