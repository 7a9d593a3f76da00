import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { probeKafka } from '../../infra/local/supervisor/kafka-probe.ts';
import { nicely } from '../../infra/local/supervisor/niceness.ts';

export interface ChaosProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** How far it gives way to others, as in a stack. */
  readonly niceness?: number;
  /** An address that answers once it can work; kafka://host:port where it is a broker. */
  readonly readyUrl: string;
  /** The status that it answers with then; any of 2xx unless given. */
  readonly readyStatus?: number;
}

const readyWithinMs = 600_000;
const probeMs = 2000;
const outputKept = 64 * 1024;

/** A process that is killed and started again; the last of its output is kept for whoever asks why. */
export class ChaosProcess {
  readonly #options: ChaosProcessOptions;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(options: ChaosProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Returns when it can work. @throws Error with its output when it ends, or is not ready within ten minutes */
  async start(): Promise<void> {
    const { command, args, env, niceness, readyUrl, readyStatus } = this.#options;
    const child = spawn(...nicely(niceness, command, args), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-outputKept);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = Date.now() + readyWithinMs;
    while (!(await answers(readyUrl, readyStatus))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await this.end('SIGKILL');
        throw new Error(`${command} did not become ready: ${this.#output}`);
      }
      await delay(50);
    }
  }

  /** Sends the signal and waits until the process is gone; gives its exit code, or the signal that ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode ?? child.signalCode;
  }
}

async function answers(url: string, status?: number): Promise<boolean> {
  try {
    const { protocol, hostname, port } = new URL(url);
    if (protocol === 'kafka:') {
      await probeKafka(hostname, Number(port), probeMs);
      return true;
    }
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return status === undefined ? response.ok : response.status === status;
  } catch {
    return false;
  }
}
