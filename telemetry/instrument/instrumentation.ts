import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { DestinationStream } from 'pino';
import type { EmitterName } from '../contract/pipeline.ts';
import { activeSpan } from './active-span.ts';
import { type DeclaredLineName, declaredLine, type LineLog } from './declared-line.ts';
import { createHealth, type Health } from './health.ts';
import { createHttpServerMetrics } from './http-metrics.ts';
import { requestInstrumentation } from './http-middleware.ts';
import { batched, direct } from './log-destination.ts';
import { createLogSystem, type Logger, levelFrom } from './logger.ts';
import type { ServiceMetrics } from './metric-types.ts';
import { createMetricStore, createServiceMetrics } from './metrics.ts';
import { operationalAnswers, operationalHandler } from './operational.ts';
import { instrumentedFetch } from './outgoing.ts';
import { notFound, problemHandler } from './problem.ts';
import { observeRuntime } from './runtime-metrics.ts';
import { samplerFrom } from './sampling.ts';
import { type ShutdownHook, type ShutdownOptions, shutdownOnSignal } from './shutdown.ts';
import { otlpEndpointFrom, type Trace, Tracing } from './tracing.ts';

export interface InstrumentationOptions<S extends EmitterName> {
  readonly service: S;
  /** Shown in service_build_info and the spans' resource; `0.0.0` unless given. */
  readonly version?: string;
  /** LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER and its ARG; process.env unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where log lines go, one write a line; standard output in batches unless given. */
  readonly destination?: DestinationStream;
}

/** What a service needs to be seen. Made once, at its start. */
export interface Instrumentation<S extends EmitterName> {
  /** A logger by its dotted name, such as `tasks.store`. */
  logger(name: string): Logger;
  /** A writer for one of the contract's lines, which alerts and saved queries select. */
  line<N extends DeclaredLineName>(name: N): LineLog<N>;
  readonly metrics: ServiceMetrics<S>;
  /**
   * What a server listens with: `createServer(listener(app))`. Does what middleware() and operational() do, but
   * outside of the app, because each link of Express's chain costs time in every request: 0.2 to 0.9 µs, measured.
   */
  listener(app: RequestListener): RequestListener;
  /** First in the chain of an app that is served without listener(). */
  middleware(): RequestHandler[];
  /** Answers 404 as problem+json; after the routes. */
  notFound(): RequestHandler;
  /** Last in the chain of the app. */
  errorHandler(): ErrorRequestHandler;
  /** GET /metrics, /health, /ready; mounted at the root of an app that is served without listener(). */
  operational(): RequestHandler;
  readonly health: Pick<Health, 'register'>;
  readonly trace: Trace;
  /** Puts the user into the current request: into its log lines from here on. Nothing outside of a request. */
  setUser(userId: string): void;
  readonly fetch: typeof fetch;
  /** Handles SIGTERM, SIGINT and what nobody caught; once in the life of a process. */
  shutdown(server: Server, hooks?: readonly ShutdownHook[], options?: ShutdownOptions): void;
}

/** @throws SL1440, SL1441, SL1442 for environment variables that are not understood */
export function createInstrumentation<S extends EmitterName>(
  options: InstrumentationOptions<S>,
): Instrumentation<S> {
  const { service, version = '0.0.0', env = process.env } = options;
  const destination = options.destination === undefined ? batched() : direct(options.destination);
  const logs = createLogSystem(levelFrom(env), destination);
  const kitLog = logs.logger('telemetry.instrument');
  const store = createMetricStore(service, (metric, label, limit) =>
    kitLog.warning('A label has too many values; the rest is counted as other', { metric, label, limit }),
  );
  observeRuntime(store, version, logs);
  const sampler = samplerFrom(env);
  const endpoint = otlpEndpointFrom(env);
  const exporter =
    endpoint &&
    loadSpanExporter().createSpanExporter({
      endpoint,
      service,
      version,
      sampler,
      log: logs.logger('telemetry.tracing'),
    });
  const tracing = new Tracing(sampler, exporter);
  const health = createHealth(store, logs.logger('telemetry.health'));
  const instrumentRequest = requestInstrumentation(tracing, createHttpServerMetrics(store, logs), health);
  const answerOperational = operationalAnswers(store, health, logs.logger('http.server'), {
    service,
    version,
  });
  return {
    logger: logs.logger,
    line: (name) => declaredLine(name, logs.logger),
    metrics: createServiceMetrics(service, store),
    listener: (app) => (req, res) =>
      instrumentRequest(req, res, () => {
        if (!answerOperational(req, res)) app(req, res);
      }),
    middleware: () => [instrumentRequest],
    notFound: () => notFound,
    errorHandler: () => problemHandler(logs.logger('http.server')),
    operational: () => operationalHandler(answerOperational),
    health,
    trace: tracing,
    setUser(userId) {
      const request = activeSpan.getStore()?.request;
      if (request !== undefined) request.userId = userId;
    },
    fetch: instrumentedFetch(tracing),
    shutdown: (server, hooks = [], shutdownOptions = {}) =>
      shutdownOnSignal(server, hooks, shutdownOptions, {
        health,
        log: logs.logger('telemetry.shutdown'),
        flushSpans: () => tracing.shutdown(),
        flushLogs: () => destination.flushSync(),
      }),
  };
}

/** OpenTelemetry's SDK, only where spans are exported: it takes a quarter of a second and 20 MB to load. */
function loadSpanExporter(): typeof import('./span-exporter.ts') {
  return createRequire(import.meta.url)('./span-exporter.ts');
}
