import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInstrumentation } from './instrumentation.ts';
import { samplerFrom } from './sampling.ts';
import { otlpEndpointFrom } from './tracing.ts';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A receiver as a collector is one: POST /v1/traces with OTLP as JSON. */
async function otlpReceiver() {
  const bodies: OtlpBody[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    authorizations.push(req.headers.authorization);
    if (req.url === '/v1/traces') bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as OtlpBody);
    res.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const spans = () =>
    bodies.flatMap(({ resourceSpans }) => resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    authorizations,
    spans,
  };
}

describe('with an OTLP receiver', () => {
  it('spans go with the headers of OTEL_EXPORTER_OTLP_HEADERS', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20abc');
    const receiver = await otlpReceiver();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    const api = createInstrumentation({ service: 'backend-api', env, destination: { write: () => {} } });
    api.trace.span('load', {}, () => {});
    closing.push(() => vi.unstubAllEnvs());
    await vi.waitFor(() => expect(receiver.authorizations).toEqual(['Bearer abc']), {
      timeout: 10_000,
      interval: 50,
    });
  });

  it('spans arrive with their parents, across services, and without secrets', async () => {
    const receiver = await otlpReceiver();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    const quiet = { write: () => {} };
    const api = createInstrumentation({ service: 'backend-api', env, destination: quiet });
    const recurring = createInstrumentation({ service: 'recurring-task', env, destination: quiet });
    const app = express().use(api.middleware());
    app.get('/tasks/:id', async (_req, res) => {
      await api.trace.span('load', { 'db.password': 'hunter2', 'db.system': 'sqlite' }, async () => {});
      await api.trace.span('fail', {}, () => Promise.reject(new Error('token=hunter2'))).catch(() => {});
      res.json({});
    });
    const server = app.listen(0, '127.0.0.1');
    closing.push(() => server.close().closeAllConnections());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tasks/1`;
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await recurring.trace.run({ traceparent, requestId: 'r1' }, 'process task-events', 'consumer', () =>
      recurring.fetch(url),
    );
    const spans = await vi.waitFor(
      () => {
        const all = receiver.spans();
        expect(all).toHaveLength(5);
        return new Map(all.map((span) => [span.name, span]));
      },
      { timeout: 10_000, interval: 50 },
    );

    const parentOf = (name: string) => spans.get(name)?.parentSpanId;
    const idOf = (name: string) => spans.get(name)?.spanId;
    expect(parentOf('process task-events')).toBe('b7ad6b7169203331');
    expect(parentOf('GET')).toBe(idOf('process task-events'));
    expect(parentOf('GET /tasks/:id')).toBe(idOf('GET'));
    expect(parentOf('load')).toBe(idOf('GET /tasks/:id'));
    expect(parentOf('fail')).toBe(idOf('GET /tasks/:id'));
    expect(new Set([...spans.values()].map(({ traceId }) => traceId))).toEqual(
      new Set(['0af7651916cd43dd8448eb211c80319c']),
    );
    expect(spans.get('fail')?.status).toEqual({ code: 2, message: 'token=[redacted]' });
    const requestIds = [...spans.values()].map(
      ({ attributes }) => attributes.find(({ key }) => key === 'sightline.request_id')?.value.stringValue,
    );
    expect(requestIds).toEqual(Array.from({ length: 5 }, () => 'r1'));
    expect(JSON.stringify(receiver.bodies)).not.toContain('hunter2');
    const names = receiver.bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.map(
        (r) => r.resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
      ),
    );
    expect(new Set(names)).toEqual(new Set(['backend-api', 'recurring-task']));
  });
});

describe('without one', () => {
  const kit = () => createInstrumentation({ service: 'sync', env: {}, destination: { write: () => {} } });

  it('ids are made and passed on all the same', () => {
    const { trace } = kit();
    trace.run(
      { tracestate: 'a=1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` },
      'x',
      'server',
      () => {
        const outer = trace.current();
        trace.span('child', {}, () => {
          const inner = trace.current();
          expect(inner).toMatchObject({
            traceId: 'a'.repeat(32),
            requestId: outer?.requestId,
            sampled: false,
          });
          expect(inner?.spanId).not.toBe(outer?.spanId);
          expect(trace.inject()).toEqual({
            traceparent: `00-${'a'.repeat(32)}-${inner?.spanId}-00`,
            tracestate: 'a=1',
            'x-request-id': outer?.requestId,
          });
        });
      },
    );
    expect(trace.current()).toBeUndefined();
  });

  it('a user set in a child span is the request’s', () => {
    const { trace, setUser } = kit();
    trace.run({}, 'x', 'server', () => {
      trace.span('child', {}, () => setUser('u1'));
      expect(trace.current()?.userId).toBe('u1');
    });
  });
});

describe('the environment', () => {
  it.each(['localhost:4318', 'ftp://x', 'grpc'])('refuses %s as an endpoint', (value) => {
    expect(() => otlpEndpointFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: value })).toThrow(/^SL1441 .*http:\/\/127/);
  });

  it.each([
    ['always_on', undefined, false, true],
    ['always_off', undefined, true, false],
    ['parentbased_always_on', undefined, false, false],
    ['parentbased_always_on', undefined, undefined, true],
    ['parentbased_always_off', undefined, undefined, false],
    ['parentbased_traceidratio', '0', true, true],
    ['traceidratio', '0', true, false],
    ['traceidratio', '1', undefined, true],
  ])('sampler %s (%s), parent sampled: %s -> %s', (name, arg, parent, expected) => {
    const sampler = samplerFrom({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg });
    expect(sampler(parent, 'f'.repeat(32))).toBe(expected);
  });

  it('samples by ratio from the trace id', () => {
    const sampler = samplerFrom({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });
    expect(sampler(undefined, `${'f'.repeat(19)}7${'f'.repeat(12)}`)).toBe(true);
    expect(sampler(undefined, `${'0'.repeat(19)}8${'0'.repeat(12)}`)).toBe(false);
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, /^SL1442 .*parentbased_traceidratio/],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' }, /^SL1442 .*from 0 to 1/],
  ])('refuses %j', (env, message) => {
    expect(() => samplerFrom(env)).toThrow(message);
  });
});
