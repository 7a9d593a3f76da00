import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Problem, problemOf, SightlineError } from '../../../telemetry/errors.ts';
import type { Supervisor } from './supervisor.ts';

const maxRequestBytes = 4_096;

/**
 * HTTP on a unix socket: GET /status; POST /stop {force?}; POST /hold {process, seconds}; POST /release {process}.
 * A refused request answers 400 with the error as data. A stale socket file is replaced: the caller holds the
 * stack's lock and knows that nobody listens.
 */
export async function listenForControl(
  socketPath: string,
  supervisor: Supervisor,
  onStop: (force: boolean) => void,
): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    void answer(request, response, supervisor, onStop);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  supervisor: Supervisor,
  onStop: (force: boolean) => void,
): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  };
  try {
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /status') return send(200, supervisor.status());
    const body = await readBody(request);
    if (route === 'POST /stop') onStop(body.force === true);
    else if (route === 'POST /hold') supervisor.hold(String(body.process), Number(body.seconds));
    else if (route === 'POST /release') supervisor.release(String(body.process));
    else throw invalid(`the supervisor knows no ${route}`);
    send(200, supervisor.status());
  } catch (error) {
    send(400, errorReport(error));
  }
}

/** What a request may carry, unchecked. */
interface ControlRequest {
  readonly force?: unknown;
  readonly process?: unknown;
  readonly seconds?: unknown;
}

export function errorReport(error: unknown): Problem {
  if (error instanceof SightlineError) return problemOf(error);
  return problemOf(invalid(error instanceof Error ? error.message : String(error)));
}

async function readBody(request: IncomingMessage): Promise<ControlRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes) throw invalid(`the request is larger than ${maxRequestBytes} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return {};
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the request is no JSON object');
  return body;
}

function invalid(what: string): SightlineError {
  return new SightlineError('SL1309', {
    what,
    where: 'control socket',
    fix: 'use the commands of the same version of Sightline as the running supervisor: npm run down, then npm start',
  });
}
