import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { demoPassword } from '../demo-users.ts';
import { type RunningService, startService } from '../run.ts';
import type { BuildService } from '../service.ts';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface TestService extends RunningService {
  /** What it logged, parsed. */
  readonly lines: readonly LogLine[];
}

/** The directory's files that all services share, and the one that is each service's own. */
export function serviceEnvironment(service: ServiceName, directory: string): NodeJS.ProcessEnv {
  return {
    PORT: '0',
    DATA_DIR: join(directory, service),
    EVENT_BUS_PATH: join(directory, 'event-bus.sqlite'),
    FAULTS_DIR: join(directory, 'faults'),
    DEMO_USERS: '2',
  };
}

/** The whole service on a free port, with its real files in `directory`. It stops when the test ends. */
export async function startTestService<S extends ServiceName>(
  service: S,
  build: BuildService<S>,
  directory: string,
  env: NodeJS.ProcessEnv = {},
): Promise<TestService> {
  const lines: LogLine[] = [];
  const running = await startService(service, build, {
    env: { ...serviceEnvironment(service, directory), ...env },
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= running.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { url: running.url, stop, lines };
}

export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A call with JSON both ways; the test says what it expects to get. */
export async function call<T>(
  method: string,
  url: string,
  options: {
    readonly token?: string;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<Reply<T>> {
  const { token, body, headers } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as T,
  };
}

/** A demo user's token. */
export async function logIn(url: string, username = 'demo-01'): Promise<string> {
  const credentials = { username, password: demoPassword };
  const { body } = await call<{ token: string }>('POST', `${url}/login`, { body: credentials });
  return body.token;
}
