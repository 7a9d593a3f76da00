import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { openStateDir, wipeStateDir } from '../../infra/local/state/state-dir.ts';
import { stopStack } from '../../infra/local/supervisor/launch.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from '../stack-options.ts';

const examples = `
Examples:
  npm run down
  npm run down -- --wipe                       also removes data, logs and configuration of the stack
  npm run down -- --port-offset 10000

Ends processes that lost their supervisor too. Exit code: 0 nothing runs any more, 1 something could not be ended.`;

export function downCommand(): Command {
  return withStackOptions(new Command('down'))
    .option('--wipe', 'remove the state directory as well')
    .addHelpText('after', examples)
    .action(async (options: RawStackOptions & { readonly wipe?: boolean }) => {
      const { stateDir } = resolveStackOptions(options);
      process.stdout.write(`${existsSync(stateDir) ? await stop(stateDir) : 'No stack was running.'}\n`);
      if (!options.wipe) return;
      const removed = wipeStateDir(stateDir);
      process.stdout.write(removed ? `Removed ${stateDir}.\n` : `There is no ${stateDir} to remove.\n`);
    });
}

async function stop(stateDir: string): Promise<string> {
  // Refuses a directory that is not ours before anything in it is believed.
  openStateDir(stateDir);
  const { wasRunning, orphans } = await stopStack(stateDir);
  const ended =
    orphans.length === 0 ? '' : ` Ended ${orphans.length} without supervisor: ${orphans.join(', ')}.`;
  if (wasRunning) return `Stopped; nothing is left running.${ended}`;
  return orphans.length === 0 ? 'No stack was running.' : `The supervisor was gone.${ended}`;
}
