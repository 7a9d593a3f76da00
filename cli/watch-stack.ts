import { readSupervisorFile } from '../infra/local/state/pid-files.ts';
import { isSameProcess } from '../infra/local/state/process-identity.ts';
import { readStackStatus, requestStop } from '../infra/local/supervisor/control-client.ts';
import { stopStack } from '../infra/local/supervisor/launch.ts';
import type { StackStatus } from '../infra/local/supervisor/status.ts';
import { SightlineError } from '../telemetry/errors.ts';
import type { StatusPrinter } from './output/status-printer.ts';
import { judge, notHealthy, patienceMs, progressKey } from './wait-for-health.ts';

/** How often the status is asked for (milliseconds): often while something happens. */
const busyPollMs = 150;
const quietPollMs = 1_000;

/**
 * Ctrl-C reaches us from the terminal and again through npm and boot.cjs: what follows within this time
 * (milliseconds) is the same one.
 */
const sameSignalMs = 700;

/** Waits until all needed processes are healthy. Throws SL1008 when they never will be, SL1306 when it ends. */
export async function waitForHealth(stateDir: string, printer: StatusPrinter): Promise<StackStatus> {
  let key = '';
  let progressAt = Date.now();
  for (;;) {
    const status = await readStackStatus(stateDir);
    if (status === undefined) throw supervisorLost(stateDir);
    printer.show(status);
    const verdict = judge(status);
    if (verdict.kind === 'healthy') return status;
    if (verdict.kind === 'hopeless') throw notHealthy(status, verdict.because);
    const newKey = progressKey(status);
    if (newKey !== key) progressAt = Date.now();
    key = newKey;
    if (Date.now() - progressAt > patienceMs) throw notHealthy(status, []);
    await delay(busyPollMs);
  }
}

/**
 * Shows the stack until it has stopped or, with `owns` false, until the viewer leaves. The one that started the
 * stack stops it with Ctrl-C; a second one kills it. Throws SL1306 when the supervisor dies under us.
 */
export async function watchStack(stateDir: string, printer: StatusPrinter, owns: boolean): Promise<void> {
  const leave = Promise.withResolvers<'left'>();
  let stopping = false;
  let lastSignal = Number.NEGATIVE_INFINITY;
  const onSignal = (): void => {
    const now = performance.now();
    if (now - lastSignal < sameSignalMs) return;
    lastSignal = now;
    if (!owns) leave.resolve('left');
    else if (!stopping) {
      stopping = true;
      printer.say('Stopping everything; Ctrl-C again kills it.');
      void requestStop(stateDir).catch(() => undefined);
    } else {
      printer.say('Killing everything.');
      void requestStop(stateDir, true).catch(() => undefined);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    for (;;) {
      const status = await readStackStatus(stateDir).catch((error: unknown) => {
        if (stopping) return undefined;
        throw error;
      });
      if (status === undefined) break;
      stopping ||= status.state === 'stopping';
      printer.show(status);
      const pause = delay(status.state === 'healthy' && !stopping ? quietPollMs : busyPollMs);
      if ((await Promise.race([pause, leave.promise])) === 'left') {
        printer.say('The stack keeps running.');
        return;
      }
    }
    if (!stopping && wasKilled(stateDir)) throw supervisorLost(stateDir);
    // Also waits for the supervisor's own end, and ends what it may have left.
    await stopStack(stateDir);
    printer.say('Stopped; nothing is left running.');
  } finally {
    for (const signal of signals) process.removeListener(signal, onSignal);
  }
}

/** A supervisor that ends by itself takes its record with it. */
function wasKilled(stateDir: string): boolean {
  const record = readSupervisorFile(stateDir);
  return record !== undefined && !isSameProcess(record.pid, record.startTime);
}

function supervisorLost(stateDir: string): SightlineError {
  return new SightlineError('SL1306', {
    what: 'the supervisor ended unexpectedly; its processes may still run',
    where: `${stateDir}/supervisor.log`,
    fix: 'npm run down ends them; npm start ends them and starts anew',
  });
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
