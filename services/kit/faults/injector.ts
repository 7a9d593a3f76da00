import { statSync } from 'node:fs';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import type { Logger } from '../../../telemetry/instrument/logger.ts';
import { type Fault, faultsFile, readFaults } from './file.ts';
import { canHaveFault, type FaultKind } from './kinds.ts';

/** Milliseconds between looks at the faults file. */
const lookMs = 250;

export interface FaultOptions {
  readonly service: ServiceName;
  /** Where the command line writes; without it nothing is ever injected. */
  readonly directory: string | undefined;
  readonly log: Logger;
}

/** What a service is made to do wrong at the moment. It follows its faults file, and each fault ends by itself. */
export class Faults {
  readonly #options: FaultOptions;
  #declared: readonly Fault[] = [];
  /** Those whose beginning was logged and whose end was not. */
  #announced = new Map<FaultKind, Fault>();
  #seen = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FaultOptions) {
    this.#options = options;
  }

  /** Reads the file at once, so that a fault survives a restart without a gap. */
  start(): void {
    if (this.#options.directory === undefined) return;
    this.#look(this.#options.directory);
    this.#timer = setInterval(() => this.#look(this.#options.directory ?? ''), lookMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#declared = [];
  }

  /** Its rate while it lasts, otherwise 0. */
  rate(kind: FaultKind): number {
    const fault = this.#declared.find((candidate) => candidate.kind === kind);
    return fault !== undefined && Date.parse(fault.until) > Date.now() ? fault.rate : 0;
  }

  /** Draws: true with the fault's rate as probability, never when it is not on. */
  strikes(kind: FaultKind): boolean {
    const rate = this.rate(kind);
    return rate > 0 && Math.random() < rate;
  }

  #look(directory: string): void {
    const fingerprint = fileFingerprint(faultsFile(directory, this.#options.service));
    if (fingerprint !== this.#seen) {
      this.#seen = fingerprint;
      this.#read(directory);
    }
    this.#announce();
  }

  #read(directory: string): void {
    const { service, log } = this.#options;
    try {
      this.#declared = readFaults(directory, service).filter(({ kind }) => canHaveFault(service, kind));
    } catch (error) {
      this.#declared = [];
      const reason = error instanceof SightlineError ? error.message : 'it cannot be read';
      log.error('the faults file is ignored', { reason, error });
    }
  }

  #announce(): void {
    const { log } = this.#options;
    const now = new Map(
      this.#declared.filter((fault) => this.rate(fault.kind) > 0).map((fault) => [fault.kind, fault]),
    );
    for (const [kind, { rate, until }] of now) {
      const before = this.#announced.get(kind);
      if (before?.rate === rate && before.until === until) continue;
      log.warning('fault injected on demand', { fault: kind, rate, until });
    }
    for (const kind of this.#announced.keys()) {
      if (!now.has(kind)) log.warning('injected fault ended', { fault: kind });
    }
    this.#announced = now;
  }
}

function fileFingerprint(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
}
