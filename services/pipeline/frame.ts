import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import express, { type Router } from 'express';
import type { DestinationStream } from 'pino';
import type { PipelineServiceName } from '../../telemetry/contract/pipeline.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { createInstrumentation, type Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { listen } from '../../telemetry/listen.ts';
import { type Stoppable, stopServer } from '../kit/stop-server.ts';
import { printedConfig } from './config/print-config.ts';
import { readPipelineConfig } from './config/read-config.ts';
import type { PipelineConfig } from './config/schema.ts';
import { messagesOf } from './express-messages.ts';
import { acceptUpgrades, mayUpgrade } from './upgrades.ts';

/** Milliseconds in which a client must have sent its headers, and its whole request. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
/** Milliseconds that a process waits at its start for the one that should start before it. */
const startAfterMs = 10_000;

export interface ProcessContext<S extends PipelineServiceName> {
  readonly config: PipelineConfig;
  readonly instrumentation: Instrumentation<S>;
}

/** What a process of the pipeline adds to the common frame. */
export interface ProcessParts extends Stoppable {
  readonly routes: Router;
  /** Where it listens; where its service does, unless given. */
  readonly listener?: PipelineConfig['gateway'];
  /** Paths of the routes that answer with a WebSocket where they are asked to. */
  readonly webSocketPaths?: readonly string[];
  /** After the port is open. */
  start?(): Promise<void> | void;
}

export type BuildProcess<S extends PipelineServiceName> = (
  context: ProcessContext<S>,
) => Promise<ProcessParts> | ProcessParts;

export interface ProcessOptions {
  readonly config: PipelineConfig;
  readonly env: NodeJS.ProcessEnv;
  /** Where log lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

interface Served<S extends PipelineServiceName> {
  readonly instrumentation: Instrumentation<S>;
  readonly server: Server;
  readonly port: number;
  readonly parts: ProcessParts;
}

export interface RunningProcess {
  readonly url: string;
  /** What the signal does in a process of its own. */
  stop(): Promise<void>;
}

/**
 * The entry of a process of the pipeline: runs until a signal comes. What is wrong is said on standard error.
 * @param program what is run, where it is a part of the service with a main file of its own
 */
export async function runPipelineProcess<S extends PipelineServiceName>(
  name: S,
  build: BuildProcess<S>,
  program: string = name,
): Promise<void> {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        'print-config': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      process.stdout.write(helpOf(program));
      return;
    }
    const config = readPipelineConfig({ file: values.config, env: process.env });
    if (values['print-config'] === true) {
      process.stdout.write(printedConfig(config));
      return;
    }
    const { instrumentation, server, port, parts } = await serve(name, build, { config, env: process.env });
    instrumentation.logger('service').info('service started', { port });
    instrumentation.shutdown(server, [() => parts.close?.()], {
      onStop: [() => parts.quiesce?.()],
      timeoutMs: 25_000,
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** The same within this process, and without signals: for tests. */
export async function startPipelineProcess<S extends PipelineServiceName>(
  name: S,
  build: BuildProcess<S>,
  options: ProcessOptions,
): Promise<RunningProcess> {
  const { server, port, parts } = await serve(name, build, options);
  return {
    url: `${options.config.tls.keyFile === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    stop: () => stopServer(server, parts),
  };
}

async function serve<S extends PipelineServiceName>(
  name: S,
  build: BuildProcess<S>,
  { config, ...options }: ProcessOptions,
): Promise<Served<S>> {
  const instrumentation = createInstrumentation({ service: name, ...options });
  const parts = await build({ config, instrumentation });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(parts.routes);
  app.use(instrumentation.notFound());
  app.use(instrumentation.errorHandler());
  const listener = withOtherNames(instrumentation.listener(app));
  const { webSocketPaths = [] } = parts;
  const server = makeServer(
    config,
    { ...messagesOf(app), shouldUpgradeCallback: mayUpgrade(webSocketPaths) },
    listener,
  );
  acceptUpgrades(server, listener);
  server.maxConnections = config.limits.connections;
  const own = name === 'log-gateway' ? config.gateway : config.ingestor;
  const { host, port: wanted, startAfter } = parts.listener ?? own;
  if (startAfter !== undefined) await answering(startAfter);
  const port = await listen(server, { HOST: host, PORT: wanted }, 'SL1703');
  await parts.start?.();
  return { instrumentation, server, port, parts };
}

/** Returns when the address answers with success, or does not in time: what is queued meanwhile is not lost. */
async function answering(url: string): Promise<void> {
  const signal = AbortSignal.timeout(startAfterMs);
  while (!signal.aborted) {
    const isThere = await fetch(url, { signal }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await delay(50, undefined, { signal }).catch(() => {});
  }
}

/** Health under the name that Spring's tools look for, too. */
const withOtherNames =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === '/actuator/health') request.url = '/health';
    listener(request, response);
  };

function makeServer({ tls }: PipelineConfig, own: ServerOptions, listener: RequestListener): Server {
  const options = { ...own, requestTimeout: requestTimeoutMs, headersTimeout: headersTimeoutMs };
  if (tls.certificateFile === undefined || tls.keyFile === undefined) return createServer(options, listener);
  try {
    const [cert, key] = [readFileSync(tls.certificateFile), readFileSync(tls.keyFile)];
    return createTlsServer({ ...options, cert, key, minVersion: 'TLSv1.2' }, listener);
  } catch (cause) {
    throw new SightlineError('SL1709', {
      what: 'the certificate or its key cannot be used',
      where: `${tls.certificateFile}, ${tls.keyFile}`,
      fix: 'give PEM files that belong together and that the process may read',
      cause,
    });
  }
}

const helpOf = (program: string): string => `Usage: node services/${program}/main.ts [options]

  --config FILE    the settings of the log pipeline as YAML (or PIPELINE_CONFIG); environment variables go over it
  --print-config   all settings with their values, secrets masked, and end

Examples:
  node services/${program}/main.ts --config config.yaml
  LOKI_URL=http://loki:3100 node services/${program}/main.ts --print-config
`;
