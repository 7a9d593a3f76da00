import { batched } from './log-destination.ts';
import { createLogSystem, type Logger, levelFrom } from './logger.ts';

/** Lets go of what a process holds, so that it ends by itself. */
type Stop = () => void;

/**
 * The entry of a process that is none of the contract's emitters: `start` begins its work and says how it stops, which a
 * signal (SIGTERM, SIGINT) then does. What goes wrong in a start is a line of the log, and exit code 1.
 */
export async function runLogged(name: string, start: (log: Logger) => Promise<Stop>): Promise<void> {
  const logs = createLogSystem(levelFrom(process.env), batched());
  const log = logs.logger(name);
  try {
    const stop = await start(log);
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        log.info('Stopping', { reason: signal });
        stop();
      });
  } catch (error) {
    log.critical(error instanceof Error ? error.message : String(error), { error });
    logs.flush();
    process.exitCode = 1;
  }
}
