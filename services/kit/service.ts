import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import express, { type Express, type RequestHandler, type Router } from 'express';
import type { DestinationStream } from 'pino';
import { eventMetrics } from '../../telemetry/contract/metrics-events.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { createInstrumentation, type Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import type { ServiceMetrics } from '../../telemetry/instrument/metric-types.ts';
import { DaprTransport } from './bus/dapr-transport.ts';
import { EmbeddedTransport } from './bus/embedded-transport.ts';
import type { EventBus } from './bus/event-bus.ts';
import { ObservedBus } from './bus/observed-bus.ts';
import { readEnvironment, type ServiceEnvironment } from './environment.ts';
import { faultyRequests, startProcessFaults } from './faults/effects.ts';
import { Faults } from './faults/injector.ts';
import { requestLimit } from './rate-limit.ts';

/** What a service is built from. */
export interface ServiceContext<S extends ServiceName> {
  readonly env: ServiceEnvironment;
  readonly instrumentation: Instrumentation<S>;
  readonly bus: EventBus;
  readonly faults: Faults;
  /** What every route begins with: the rate limit, and the faults that were asked for. */
  readonly guard: readonly RequestHandler[];
  /** Path of a file in the service's own data directory. */
  dataFile(name: string): string;
}

/** What a service adds to the common frame. */
export interface ServiceParts {
  readonly routes: Router;
  /** For what is served beside Express, such as WebSockets. */
  attach?(server: Server): void;
  /** After the port is open and the bus runs. */
  start?(): void;
  /** At the signal, beside the draining of requests: what holds connections open or takes in work. */
  quiesce?(): Promise<void> | void;
  /** Last, when neither request nor delivery is in hand. */
  close?(): Promise<void> | void;
}

export type BuildService<S extends ServiceName> = (context: ServiceContext<S>) => Promise<ServiceParts>;

export interface Service<S extends ServiceName> {
  readonly env: ServiceEnvironment;
  readonly listener: RequestListener;
  readonly instrumentation: Instrumentation<S>;
  attach(server: Server): void;
  start(): Promise<void>;
  quiesce(): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where log lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Requests that one client address may send in ten seconds; local traffic stays far below it. */
const requestsPerWindow = 5000;

/**
 * Puts a service together without opening a port.
 * @throws SightlineError SL1701, SL1702, SL1704 and the instrumentation's own for what its environment gets wrong
 */
export async function createService<S extends ServiceName>(
  name: S,
  build: BuildService<S>,
  options: ServiceOptions,
): Promise<Service<S>> {
  const env = readEnvironment(name, options.env);
  const instrumentation = createInstrumentation({ service: name, ...options });
  const faults = new Faults({
    service: name,
    directory: env.FAULTS_DIR,
    log: instrumentation.logger('faults'),
  });
  faults.start();
  const transport = createTransport(name, env);
  const bus = new ObservedBus({ transport, instrumentation, faults, ...publishing(name, instrumentation) });
  instrumentation.health.register('event_bus', () => bus.probe());
  const parts = await build({
    env,
    instrumentation,
    bus,
    faults,
    guard: [requestLimit(requestsPerWindow), faultyRequests(faults)],
    dataFile: (file) => join(env.DATA_DIR, file),
  });
  const stopFaults = startProcessFaults(faults, (code) => process.exit(code));
  return {
    env,
    instrumentation,
    listener: instrumentation.listener(assemble(instrumentation, transport, parts)),
    attach: (server) => parts.attach?.(server),
    async start() {
      await bus.start();
      parts.start?.();
    },
    async quiesce() {
      // Those who publish first: the bus is closed to them afterwards.
      await parts.quiesce?.();
      await bus.stop();
    },
    async close() {
      stopFaults();
      faults.stop();
      await parts.close?.();
    },
  };
}

function createTransport(name: ServiceName, env: ServiceEnvironment): EmbeddedTransport | DaprTransport {
  if (env.DAPR_HTTP_PORT === undefined) {
    return new EmbeddedTransport({ path: env.EVENT_BUS_PATH, subscriber: name });
  }
  return new DaprTransport({
    httpPort: env.DAPR_HTTP_PORT,
    pubsub: env.DAPR_PUBSUB,
    subscriber: name,
    stateStore: env.DAPR_STATE_STORE,
    ledgerPath: env.EVENT_BUS_PATH,
  });
}

type Publisher = (typeof eventMetrics.events_published_total.services)[number];

function publishing(name: ServiceName, instrumentation: Instrumentation<ServiceName>) {
  const publishers: readonly ServiceName[] = eventMetrics.events_published_total.services;
  if (!publishers.includes(name)) return {};
  // Just established, which a type predicate cannot express: the union of services emits less than each of them.
  const metrics = instrumentation.metrics as ServiceMetrics<Publisher>;
  return { countPublished: metrics.counter('events_published_total').inc };
}

function assemble(
  instrumentation: Instrumentation<ServiceName>,
  transport: EmbeddedTransport | DaprTransport,
  parts: ServiceParts,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  if (transport instanceof DaprTransport) app.use(transport.routes());
  app.use(parts.routes);
  app.use(instrumentation.notFound());
  app.use(instrumentation.errorHandler());
  return app;
}
