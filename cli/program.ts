import { Command, CommanderError } from 'commander';
import { SightlineError } from '../telemetry/errors.ts';
import type { CommandEntry } from './command-table.ts';

/**
 * Runs the command line. Only the command that is asked for is loaded. Throws SightlineError, SL1006 for a command,
 * option or argument that does not exist; resolves without a throw when help was asked for.
 */
export async function runProgram(
  table: readonly CommandEntry[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const asked = args.find((arg) => !arg.startsWith('-'));
  const program = new Command('sightline')
    .helpCommand(false)
    .description('Sightline: an observability stack as code, on this machine')
    .addHelpText(
      'after',
      '\nEach command by npm:\n  npm start\n  npm run status -- --json\n  npm run <command> -- --help',
    );
  for (const entry of table) {
    const command = entry.name === asked ? await entry.load() : new Command(entry.name);
    if (entry.name === asked) refuseWhatNpmKept(command, asked, env);
    program.addCommand(command.description(entry.description));
  }
  throwInsteadOfExit(program);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, table, asked);
  }
}

/** `npm run down --wipe` hands npm the option, and the command would run as if it had not been asked for. */
function refuseWhatNpmKept(command: Command, asked: string, env: NodeJS.ProcessEnv): void {
  if (env.npm_lifecycle_event !== asked) return;
  const kept = command.options.find(
    (option) => env[`npm_config_${option.name().replace(/^no-/, '').replaceAll('-', '_')}`] !== undefined,
  );
  if (kept === undefined) return;
  throw new SightlineError('SL1006', {
    what: `npm kept ${kept.long} for itself: what stands before -- is npm's`,
    where: `command line of ${asked}`,
    fix: `npm run ${asked} -- ${kept.long}`,
  });
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const child of command.commands) throwInsteadOfExit(child);
}

function usageError(
  error: CommanderError,
  table: readonly CommandEntry[],
  asked: string | undefined,
): SightlineError {
  const [what = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const known = table.find(({ name }) => name === asked)?.name;
  return new SightlineError('SL1006', {
    what: [what, ...suggestion].join(' ').trim(),
    where: known === undefined ? 'command line' : `command line of ${known}`,
    fix:
      known === undefined
        ? `use one of: ${table.map(({ name }) => name).join(', ')}`
        : `npm run ${known} -- --help`,
  });
}
