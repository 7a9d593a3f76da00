import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PushedStream } from '../../../alerts/log-scenarios/lines.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import { freePorts } from '../../local/pick-ports.ts';
import { renderLoki } from '../../render/loki.ts';
import { rulerInterval } from '../../render/loki-ruler.ts';
import type { EnvironmentStack } from '../../stack.ts';

const host = '127.0.0.1';
const readyTimeoutMs = 60_000;
const requestTimeoutMs = 30_000;
/** Of what Loki says, in characters; and of an answer that is read, in bytes. */
const outputLimit = 4_000;

/** Labels of a result, and its value at each step (seconds of the epoch, number). */
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** A Loki with nothing in it, configured as the stack's. */
export interface EmptyLoki {
  readonly push: (tenant: string, streams: readonly PushedStream[]) => Promise<void>;
  /** The query at each evaluation of the ruler from one second of the epoch to another. */
  readonly query: (tenant: string, query: string, from: number, to: number) => Promise<readonly Result[]>;
  /** Lines from one second of the epoch up to another that a query without aggregation selects, at most 1000. */
  readonly lines: (tenant: string, query: string, from: number, to: number) => Promise<readonly string[]>;
}

/**
 * Lets `use` work with a Loki of its own, on free ports and in a folder that is gone afterwards.
 * Throws SL1806 when it does not become ready or answers with an error.
 */
export async function withLoki<T>(
  loki: string,
  stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>,
  signal: AbortSignal,
  use: (loki: EmptyLoki) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-loki-'));
  let child: ChildProcess | undefined;
  const kill = (): void => void child?.kill('SIGKILL');
  process.on('exit', kill);
  try {
    const [port = 0, grpcPort = 0] = await freePorts(2);
    const config = join(dir, 'loki.yaml');
    const ruler = { rulesDir: join(dir, 'rules'), alertmanager: `${host}:1` };
    await writeFile(
      config,
      renderLoki(stack, { dataDir: join(dir, 'data'), listen: { host, port, grpcPort }, ruler }),
    );
    let output = '';
    child = spawn(loki, [`-config.file=${config}`], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-outputLimit);
      });
    child.once('error', (error) => {
      output += error.message;
    });
    const url = `http://${host}:${port}`;
    await untilReady(child, url, signal, () => output);
    return await use(client(url, signal));
  } finally {
    process.off('exit', kill);
    // It keeps nothing that is worth an orderly end.
    await ended(child);
    await rm(dir, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

const failure = (what: string, where: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1806', {
    what,
    where,
    fix: '`npm run toolchain -- list` says which Loki is used; it must be of the version that is wanted',
    cause,
  });

async function untilReady(
  child: ChildProcess,
  url: string,
  signal: AbortSignal,
  said: () => string,
): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.pid === undefined) break;
    const answer = await fetch(`${url}/ready`, { signal }).catch(() => undefined);
    await answer?.arrayBuffer();
    signal.throwIfAborted();
    if (answer?.ok) return;
    await delay(50, undefined, { signal });
  }
  throw failure(`it did not become ready; last output: ${said().trim()}`, 'a Loki for the log scenarios');
}

function client(url: string, signal: AbortSignal): EmptyLoki {
  async function ask(tenant: string, path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(url + path, {
      ...init,
      headers: { 'x-scope-orgid': tenant, ...init.headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
    });
    if (!answer.ok) throw failure(`${answer.status} ${await answer.text()}`, `Loki, ${path.slice(0, 2000)}`);
    return answer;
  }
  async function ranged<R>(
    tenant: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly R[]> {
    const answer = await ask(tenant, `/loki/api/v1/query_range?${new URLSearchParams(parameters)}`, {});
    return ((await answer.json()) as { readonly data: { readonly result: readonly R[] } }).data.result;
  }
  return {
    async push(tenant, streams) {
      const body = JSON.stringify({ streams });
      const headers = { 'content-type': 'application/json' };
      await (await ask(tenant, '/loki/api/v1/push', { method: 'POST', headers, body })).arrayBuffer();
    },
    query: (tenant, query, from, to) =>
      ranged<Result>(tenant, { query, start: String(from), end: String(to), step: rulerInterval }),
    async lines(tenant, query, from, to) {
      const streams = await ranged<{ readonly values: readonly (readonly [string, string])[] }>(tenant, {
        query,
        start: String(from),
        end: String(to),
        limit: '1000',
      });
      return streams.flatMap(({ values }) => values.map(([, line]) => line));
    },
  };
}
