import {
  type Attributes,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Logger } from './logger.ts';
import type { Sampler } from './sampling.ts';
import type { RemoteParent } from './trace-context.ts';

export type SpanRole = 'server' | 'client' | 'consumer' | 'producer' | 'internal';

const kinds: Readonly<Record<SpanRole, SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
};

/** OpenTelemetry's tracer with its exporter, without the global state of its API. */
export interface SpanExporter {
  start(name: string, role: SpanRole, attributes: Attributes, parent: RemoteParent | undefined): Span;
  /** Sends what waits; gives up quietly after the exporter's timeout. */
  shutdown(): Promise<void>;
}

interface SpanExporterOptions {
  /** Base address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318 */
  readonly endpoint: URL;
  readonly service: string;
  readonly version: string;
  readonly sampler: Sampler;
  readonly log: Logger;
}

const exportTimeoutMs = 5000;
const batchDelayMs = 1000;
/** A receiver that is down is told about this often, not for every batch. */
const complaintIntervalMs = 60_000;

/** @public loaded by instrumentation.ts when it is needed */
export function createSpanExporter(options: SpanExporterOptions): SpanExporter {
  complainRarely(options.log);
  const exporter = new OTLPTraceExporter({
    url: new URL('v1/traces', `${options.endpoint.href.replace(/\/$/, '')}/`).href,
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: options.service,
      [ATTR_SERVICE_VERSION]: options.version,
    }),
    sampler: {
      shouldSample: (context, traceId) => ({
        decision: options.sampler(sampledParent(trace.getSpanContext(context)), traceId)
          ? SamplingDecision.RECORD_AND_SAMPLED
          : SamplingDecision.NOT_RECORD,
      }),
      toString: () => 'sightline',
    },
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        scheduledDelayMillis: batchDelayMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer: Tracer = provider.getTracer('sightline', options.version);
  return {
    start: (name, role, attributes, parent) =>
      tracer.startSpan(name, { kind: kinds[role], attributes }, contextOf(parent)),
    shutdown: () => provider.shutdown().catch(() => {}),
  };
}

function sampledParent(parent: { readonly traceFlags: number } | undefined): boolean | undefined {
  return parent === undefined ? undefined : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
}

function contextOf(parent: RemoteParent | undefined) {
  if (parent === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function complainRarely(log: Logger): void {
  let last = Number.NEGATIVE_INFINITY;
  const complain = (message: string) => {
    const now = performance.now();
    if (now - last < complaintIntervalMs) return;
    last = now;
    log.warning('Spans cannot be exported', { reason: message });
  };
  const ignore = () => {};
  diag.setLogger(
    { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
