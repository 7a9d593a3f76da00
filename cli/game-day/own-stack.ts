import path from 'node:path';
import type { Drill } from '../../infra/game-day/drills.ts';
import type { Extra } from '../../infra/local/extras.ts';
import { busFile, localPaths } from '../../infra/local/files.ts';
import { wipeStateDir } from '../../infra/local/state/state-dir.ts';
import { holdProcess, readStackStatus, releaseProcess } from '../../infra/local/supervisor/control-client.ts';
import { ensureSupervisor, stopStack, supervisorScript } from '../../infra/local/supervisor/launch.ts';
import {
  discardDeadLetters,
  listDeadLetters,
  replayDeadLetters,
} from '../../services/kit/bus/dead-letters.ts';
import { clearFaults, writeFault } from '../../services/kit/faults/file.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { type StackOptions, stackCommand } from '../stack-options.ts';
import { judge, notHealthy } from '../wait-for-health.ts';
import { trafficRateAt } from './pace.ts';

/** A fault ends by itself after so many seconds, should nobody be left to end it. */
const longestSeconds = 3600;

/** The stack that a game day breaks: started for it, and removed after it. */
export class OwnStack {
  readonly options: StackOptions;

  private constructor(options: StackOptions) {
    this.options = options;
  }

  /** Launches it; its processes end with ours, however we end. @throws SightlineError SL1307 when one runs there already */
  static async launch(options: StackOptions, timeScale: number, extras: readonly Extra[]): Promise<OwnStack> {
    const { attached } = await ensureSupervisor(
      {
        ...options,
        timeScale,
        trafficRate: trafficRateAt(timeScale),
        inboxOnly: true,
        with: extras,
        owner: process.pid,
      },
      { script: supervisorScript, env: process.env },
    );
    if (!attached) return new OwnStack(options);
    throw new SightlineError('SL1307', {
      what: 'a stack runs there already, and a game day breaks only its own',
      where: options.stateDir,
      fix: `leave --state-dir out, or stop that stack: ${stackCommand('down', options)}`,
    });
  }

  /** Whether every process does its work. @throws SightlineError SL1008 when it never will */
  async isHealthy(): Promise<boolean> {
    const status = await readStackStatus(this.options.stateDir);
    if (status === undefined) return false;
    const verdict = judge(status);
    if (verdict.kind === 'hopeless') throw notHealthy(status, verdict.because);
    return verdict.kind === 'healthy';
  }

  async inject(drill: Drill): Promise<void> {
    const { stateDir } = this.options;
    if (drill.kind === 'stop') await holdProcess(stateDir, drill.process, longestSeconds);
    else {
      const { service, kind, expectation } = drill;
      writeFault(this.#faults, {
        service,
        kind,
        seconds: longestSeconds,
        ...(expectation.rate !== undefined && { rate: expectation.rate }),
      });
    }
  }

  async clear(drill: Drill): Promise<void> {
    if (drill.kind === 'stop') await releaseProcess(this.options.stateDir, drill.process);
    else clearFaults(this.#faults, drill.service, drill.kind);
  }

  /** What the runbook of dead letters tells a person to do once the reason for them is gone. */
  tendDeadLetters(action: 'replay' | 'discard', services: ReadonlySet<string>): void {
    const bus = busFile(this.options.stateDir);
    const tend = action === 'replay' ? replayDeadLetters : discardDeadLetters;
    for (const { id, subscriber } of listDeadLetters(bus)) if (services.has(subscriber)) tend(bus, { id });
  }

  async stop(keepState: boolean): Promise<void> {
    await stopStack(this.options.stateDir);
    if (!keepState) wipeStateDir(this.options.stateDir);
  }

  get #faults(): string {
    return path.join(this.options.stateDir, localPaths.faults);
  }
}
