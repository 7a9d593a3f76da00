import path from 'node:path';
import { type Command, Option } from 'commander';
import { maxPortOffset } from '../infra/local/ports.ts';
import { defaultStateDir } from '../infra/local/state/state-dir.ts';
import { SightlineError } from '../telemetry/errors.ts';

/** Which stack a command is about. */
export interface StackOptions {
  readonly portOffset: number;
  readonly stateDir: string;
}

/** What commander hands over, unchecked. */
export interface RawStackOptions {
  readonly portOffset?: string;
  readonly stateDir?: string;
}

/** Adds `--port-offset` and `--state-dir`, which every command about a stack takes. */
export function withStackOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--port-offset <n>', `move every port by n, 0 to ${maxPortOffset} (default 0)`).env(
        'SIGHTLINE_PORT_OFFSET',
      ),
    )
    .addOption(
      new Option(
        '--state-dir <dir>',
        'where the stack keeps its state (default .sightline/stack-<offset>)',
      ).env('SIGHTLINE_STATE_DIR'),
    );
}

/** Checks the options. Throws SL1007 for an offset that is no whole number from 0 to the largest possible. */
export function resolveStackOptions(raw: RawStackOptions): StackOptions {
  const text = raw.portOffset ?? '0';
  const portOffset = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(portOffset <= maxPortOffset)) {
    throw new SightlineError('SL1007', {
      what: `"${text}" is no port offset: it must be a whole number from 0 to ${maxPortOffset}`,
      where: '--port-offset or SIGHTLINE_PORT_OFFSET',
      fix: 'for example: npm start -- --port-offset 10000',
    });
  }
  // npm runs commands in the repository; a relative path means the directory that the person was in.
  const from = process.env.INIT_CWD ?? process.cwd();
  return {
    portOffset,
    stateDir: raw.stateDir ? path.resolve(from, raw.stateDir) : defaultStateDir(portOffset),
  };
}

/** The command about this stack as a person types it: `npm run down -- --port-offset 10000`. */
export function stackCommand(
  name: string,
  { portOffset, stateDir }: StackOptions,
  ...more: string[]
): string {
  const flags = [
    ...more,
    ...(portOffset === 0 ? [] : [`--port-offset ${portOffset}`]),
    ...(stateDir === defaultStateDir(portOffset) ? [] : [`--state-dir ${stateDir}`]),
  ];
  const command = name === 'start' ? 'npm start' : `npm run ${name}`;
  return flags.length === 0 ? command : `${command} -- ${flags.join(' ')}`;
}
