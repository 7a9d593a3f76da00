import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { redactionMark } from '../contract/logs.ts';
import { SightlineError } from '../errors.ts';
import { ActiveSpan, activeSpan, type RequestContext, type RequestIdentity } from './active-span.ts';
import { newRequestId, newSpanId, newTraceId } from './ids.ts';
import { isRedactedName, scrubText } from './redact.ts';
import type { Sampler } from './sampling.ts';
import type { SpanExporter, SpanRole } from './span-exporter.ts';
import { acceptRequestId, formatTraceparent, parseTraceparent, type RemoteParent } from './trace-context.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What came with a message: headers of a request, or extensions of an event. */
export interface Carrier {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What goes out with a message. */
export interface OutgoingHeaders {
  readonly traceparent: string;
  readonly 'x-request-id': string;
  readonly tracestate?: string;
}

export interface Trace {
  /** The request in which the caller runs, if any. */
  current(): RequestContext | undefined;
  /** Runs `fn` in a child span of the current one (or a new trace); ends it when what `fn` returns settles. */
  span<T>(name: string, attributes: SpanAttributes, fn: () => T, role?: SpanRole): T;
  /** Runs `fn` as the handling of a message that came in: its request id and parent are those of the carrier. */
  run<T>(carrier: Carrier, name: string, role: 'consumer' | 'server', fn: () => T): T;
  /** Headers for a message that goes out. Outside of a request they start a new one. */
  inject(): OutgoingHeaders;
}

/** Starts and ends spans. Without an exporter only ids are made: no span object, no SDK. */
export class Tracing implements Trace {
  private readonly sampler: Sampler;
  private readonly exporter: SpanExporter | undefined;

  constructor(sampler: Sampler, exporter: SpanExporter | undefined) {
    this.sampler = sampler;
    this.exporter = exporter;
  }

  current(): RequestContext | undefined {
    return activeSpan.getStore();
  }

  /** The span of a message that came in. The caller ends it. */
  receive(carrier: Carrier, name: string, role: SpanRole, attributes: Attributes): ActiveSpan {
    const request = { id: acceptRequestId(carrier.requestId), userId: undefined };
    return this.open(
      request,
      parseTraceparent(carrier.traceparent, carrier.tracestate),
      name,
      role,
      attributes,
    );
  }

  run<T>(carrier: Carrier, name: string, role: 'consumer' | 'server', fn: () => T): T {
    return this.within(this.receive(carrier, name, role, {}), fn);
  }

  span<T>(name: string, attributes: SpanAttributes, fn: () => T, role: SpanRole = 'internal'): T {
    const parent = activeSpan.getStore();
    const request = parent?.request ?? { id: newRequestId(), userId: undefined };
    return this.within(this.open(request, parent, name, role, safeAttributes(attributes)), fn);
  }

  inject(): OutgoingHeaders {
    const current = activeSpan.getStore();
    if (current === undefined) {
      const traceId = newTraceId();
      const sampled = this.sampler(undefined, traceId);
      return {
        traceparent: formatTraceparent({ traceId, spanId: newSpanId(), sampled }),
        'x-request-id': newRequestId(),
      };
    }
    const headers = { traceparent: formatTraceparent(parentOf(current)), 'x-request-id': current.requestId };
    return current.traceState === undefined ? headers : { ...headers, tracestate: current.traceState };
  }

  async shutdown(): Promise<void> {
    await this.exporter?.shutdown();
  }

  private open(
    request: RequestIdentity,
    parent: RemoteParent | ActiveSpan | undefined,
    name: string,
    role: SpanRole,
    attributes: Attributes,
  ): ActiveSpan {
    const traceState = parent?.traceState;
    if (this.exporter === undefined) {
      const traceId = parent?.traceId ?? newTraceId();
      const sampled = this.sampler(parent?.sampled, traceId);
      return new ActiveSpan(request, traceId, newSpanId(), sampled, traceState, undefined);
    }
    const recorded = this.exporter.start(name, role, attributes, parent && parentOf(parent));
    recorded.setAttribute('sightline.request_id', request.id);
    const { traceId, spanId, traceFlags } = recorded.spanContext();
    return new ActiveSpan(request, traceId, spanId, (traceFlags & 1) === 1, traceState, recorded);
  }

  private within<T>(span: ActiveSpan, fn: () => T): T {
    const { recorded } = span;
    if (recorded === undefined) return activeSpan.run(span, fn);
    let result: T;
    try {
      result = activeSpan.run(span, fn);
    } catch (error) {
      endWithError(recorded, error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      recorded.end();
      return result;
    }
    result.then(
      () => recorded.end(),
      (error: unknown) => endWithError(recorded, error),
    );
    return result;
  }
}

function parentOf(span: RemoteParent | ActiveSpan): RemoteParent {
  const { traceId, spanId, sampled, traceState } = span;
  return traceState === undefined ? { traceId, spanId, sampled } : { traceId, spanId, sampled, traceState };
}

/** What was thrown as an event of the span, scrubbed like a log line. */
export function recordError(span: Span, error: unknown): void {
  const message = scrubText(error instanceof Error ? error.message : String(error));
  const name = error instanceof Error ? error.name : typeof error;
  span.recordException({ name, message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function endWithError(span: Span, error: unknown): void {
  recordError(span, error);
  span.end();
}

function safeAttributes(attributes: SpanAttributes): Attributes {
  const safe: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (isRedactedName(name.slice(name.lastIndexOf('.') + 1))) safe[name] = redactionMark;
    else safe[name] = typeof value === 'string' ? scrubText(value) : value;
  }
  return safe;
}

/**
 * The receiver of spans, where one is set.
 * @throws SL1441 where OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address
 */
export function otlpEndpointFrom(env: NodeJS.ProcessEnv): URL | undefined {
  const given = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (given === undefined || given === '') return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new SightlineError('SL1441', {
    what: `OTEL_EXPORTER_OTLP_ENDPOINT is "${scrubText(given.slice(0, 100))}"`,
    where: 'environment variable OTEL_EXPORTER_OTLP_ENDPOINT',
    fix: 'set it to the base address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318, or leave it out',
  });
}
