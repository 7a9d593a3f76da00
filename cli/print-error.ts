import pc from 'picocolors';
import { SightlineError } from '../telemetry/errors.ts';

/** Prints an error as a person reads it, in red when standard error is a terminal. */
export function printError(error: unknown): void {
  const colour = process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
  process.stderr.write(`${formatError(error, colour)}\n`);
}

/** A coded error in three lines; anything else is a bug and says so, with its stack. */
export function formatError(error: unknown, colour: boolean): string {
  const { red, bold } = pc.createColors(colour);
  if (error instanceof SightlineError) {
    return `${red(bold(error.code))} ${red(error.what)}\n  where: ${error.where}\n  fix: ${error.fix}`;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${red(bold('This is a bug in Sightline.'))} Please report it with what follows.\n${trace}`;
}
