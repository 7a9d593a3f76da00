import type { Server } from 'node:http';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';

export type ShutdownHook = () => Promise<void> | void;

export interface ShutdownOptions {
  /**
   * Run at once when the signal comes, beside the draining: for what holds connections open or takes new work
   * in, such as WebSockets and event consumers.
   */
  readonly onStop?: readonly ShutdownHook[];
  /** Upper bound for everything together, 10 s unless given. Kubernetes kills after 30. */
  readonly timeoutMs?: number;
}

export interface ShutdownParts {
  readonly health: Health;
  readonly log: Logger;
  readonly flushSpans: () => Promise<void>;
  readonly flushLogs: () => void;
}

const defaultTimeoutMs = 10_000;
const idleSweepMs = 25;

/**
 * On SIGTERM or SIGINT: not ready, no new connections, requests in flight are answered, then the hooks in
 * order, spans and logs flushed, exit 0. What does not end in time is cut off, and the exit code is 1. A second
 * signal ends at once. What nobody caught is logged as CRITICAL, flushed, and ends the process with 1.
 */
export function shutdownOnSignal(
  server: Server,
  hooks: readonly ShutdownHook[],
  options: ShutdownOptions,
  parts: ShutdownParts,
): void {
  const { log, health } = parts;
  let stopping = false;

  function exit(code: number): void {
    parts.flushLogs();
    process.exit(code);
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stopping) return exit(1);
    stopping = true;
    health.stop();
    log.info('Stopping', { reason: signal });
    const deadline = setTimeout(() => {
      log.error('Stopping took too long, what was left is cut off', { reason: signal });
      exit(1);
    }, options.timeoutMs ?? defaultTimeoutMs);
    const closed = closeServer(server);
    const stopped = await runAll(options.onStop ?? []);
    await closed;
    const finished = await runInOrder(hooks);
    log.info('Stopped');
    await parts.flushSpans();
    clearTimeout(deadline);
    exit(stopped && finished ? 0 : 1);
  }

  async function attempt(hook: ShutdownHook): Promise<boolean> {
    try {
      await hook();
      return true;
    } catch (error) {
      log.error('A shutdown hook failed', { error });
      return false;
    }
  }

  async function runAll(all: readonly ShutdownHook[]): Promise<boolean> {
    return (await Promise.all(all.map(attempt))).every(Boolean);
  }

  async function runInOrder(all: readonly ShutdownHook[]): Promise<boolean> {
    let succeeded = true;
    for (const hook of all) succeeded = (await attempt(hook)) && succeeded;
    return succeeded;
  }

  function crash(message: string, error: unknown): void {
    log.critical(message, { error });
    parts.flushLogs();
    parts.flushSpans().finally(() => exit(1));
    setTimeout(() => exit(1), 1000);
  }

  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('uncaughtException', (error) => crash('Uncaught exception', error));
  process.on('unhandledRejection', (error) => crash('Unhandled rejection', error));
}

/** Closes connections as they become idle: those kept alive would otherwise hold the server for seconds. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
