import { Command } from 'commander';
import { busFile } from '../../infra/local/files.ts';
import {
  type DeadLetterSelection,
  discardDeadLetters,
  listDeadLetters,
  replayDeadLetters,
} from '../../services/kit/bus/dead-letters.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from '../stack-options.ts';

const examples = `
Examples:
  npm run dead-letters -- list
  npm run dead-letters -- list --json --limit 1000
  npm run dead-letters -- replay 7           one event, by the id that list shows
  npm run dead-letters -- replay audit       all of one service
  npm run dead-letters -- discard all        what no version can read

Events that a subscriber gave up on wait here for a person. Mend the subscriber before a replay.`;

/** `dead-letters`: what the embedded bus gave up on; works while the services run. */
export function deadLettersCommand(): Command {
  const command = new Command('dead-letters').addHelpText('after', examples);
  withStackOptions(command.command('list').description('oldest first'))
    .option('--limit <n>', 'at most so many, 1 to 10000', '100')
    .option('--json', 'as JSON')
    .action((options: RawStackOptions & { readonly limit: string; readonly json?: boolean }) =>
      list(options),
    );
  withStackOptions(command.command('replay').description('deliver again'))
    .argument('<which>', 'an id, a service, or all')
    .action((which: string, options: RawStackOptions) =>
      say(replayDeadLetters(busOf(options), selection(which)), 'will be delivered again'),
    );
  withStackOptions(command.command('discard').description('remove for good'))
    .argument('<which>', 'an id, a service, or all')
    .action((which: string, options: RawStackOptions) =>
      say(discardDeadLetters(busOf(options), selection(which)), 'removed'),
    );
  return command;
}

const busOf = (options: RawStackOptions): string => busFile(resolveStackOptions(options).stateDir);

function list(options: RawStackOptions & { readonly limit: string; readonly json?: boolean }): void {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new SightlineError('SL1007', {
      what: `"${options.limit}" is no limit: it must be a whole number from 1 to 10000`,
      where: '--limit',
      fix: 'for example: npm run dead-letters -- list --limit 1000',
    });
  }
  const letters = listDeadLetters(busOf(options), limit);
  if (options.json) {
    console.log(JSON.stringify(letters, null, 2));
    return;
  }
  const rows = letters.map(({ id, subscriber, topic, attempts, died_at, reason }) => [
    id,
    subscriber,
    topic,
    attempts,
    died_at,
    reason.slice(0, 80),
  ]);
  const head = ['id', 'service', 'topic', 'attempts', 'since', 'reason'];
  console.log(rows.length === 0 ? 'No dead letters.' : textTable(head, rows));
}

function selection(which: string): DeadLetterSelection {
  if (/^[1-9]\d{0,14}$/.test(which)) return { id: Number(which) };
  if (which === 'all') return {};
  const subscriber = serviceNames.find((name) => name === which);
  if (subscriber) return { subscriber };
  throw new SightlineError('SL1006', {
    what: `"${which}" is neither an id nor a service`,
    where: 'npm run dead-letters',
    fix: `give an id from \`npm run dead-letters -- list\`, one of ${serviceNames.join(', ')}, or all`,
  });
}

function say(count: number, what: string): void {
  console.log(`${count} dead letter${count === 1 ? '' : 's'} ${what}.`);
}
