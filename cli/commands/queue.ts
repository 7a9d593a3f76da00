import { Command } from 'commander';
import { DeadLetters, type Selection } from '../../services/pipeline/dead-letters/dead-letters.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import { pipelineConfigOf } from '../pipeline-options.ts';
import { doctorCommand } from '../queue/doctor-command.ts';
import { type QueueOptions, withQueueOptions } from '../queue/queue-options.ts';

const examples = `
Examples:
  npm run queue -- doctor verify                  every batch against its checksum; works while the pipeline runs
  npm run queue -- doctor repair                  a new file of what is whole; gateway and ingestor must be stopped
  npm run queue -- doctor dump > queue.ndjson     every entry that waits, one a line
  npm run queue -- dead-letters list --organization acme
  npm run queue -- dead-letters show 0190b6e1-52f4-7b9c-8d0e-4f3a2b1c0d9e
  npm run queue -- dead-letters replay all        to Loki again, at the present instant, with their own time beside
  npm run queue -- dead-letters purge --organization acme

The queue is that of the stack that npm start has brought up; or queue.directory of config.yaml (--config, PIPELINE_CONFIG),
or QUEUE_DIRECTORY.`;

interface LetterOptions extends QueueOptions {
  readonly organization?: string;
  readonly limit?: string;
}

/** `queue`: the embedded queue of the log pipeline, and its dead letters. */
export function queueCommand(): Command {
  const command = new Command('queue').addHelpText('after', examples);
  command.addCommand(doctorCommand());
  const letters = command.command('dead-letters').description('what Loki refuses for what is in it');
  withOrganization(letters.command('list').description('oldest first'))
    .option('--limit <n>', 'at most so many, 1 to 100000', '100')
    .action(list);
  withQueueOptions(
    letters.command('show').description('one, with its entry').argument('<id>', 'of an entry'),
  ).action(show);
  for (const [name, description] of [
    ['replay', 'try them again'],
    ['purge', 'remove them for good'],
  ] as const) {
    withOrganization(letters.command(name).description(description))
      .argument('[which]', 'an id, or all')
      .action((which: string | undefined, options: LetterOptions) => change(name, which, options));
  }
  return command;
}

const withOrganization = (command: Command): Command =>
  withQueueOptions(command).option('--organization <name>', 'only those of one organization');

function withLetters<T>(options: QueueOptions, use: (letters: DeadLetters) => T): T {
  const { queue, ingestor } = pipelineConfigOf(options);
  const letters = new DeadLetters(queue.directory, ingestor.maxDeadLetters);
  try {
    return use(letters);
  } finally {
    letters.close();
  }
}

function list(options: LetterOptions): void {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) {
    throw new SightlineError('SL1007', {
      what: `"${options.limit}" is no limit: it must be a whole number from 1 to 100000`,
      where: '--limit',
      fix: 'for example: npm run queue -- dead-letters list --limit 1000',
    });
  }
  const { organization } = options;
  const found = withLetters(options, (letters) =>
    letters.list(limit, organization === undefined ? {} : { organization }),
  );
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.log('No dead letters.');
  else {
    const rows = found.map((letter) => [
      letter.id,
      letter.organization,
      letter.died_at,
      letter.reason.slice(0, 80),
    ]);
    console.log(textTable(['id', 'organization', 'since', 'reason'], rows));
  }
}

function show(id: string, options: QueueOptions): void {
  const [letter] = withLetters(options, (letters) => letters.list(1, { id }));
  if (letter !== undefined) {
    console.log(JSON.stringify(letter, null, 2));
    return;
  }
  throw new SightlineError('SL1721', {
    what: `there is no dead letter ${id}`,
    where: pipelineConfigOf(options).queue.directory,
    fix: 'take an id from `npm run queue -- dead-letters list`',
  });
}

function change(what: 'replay' | 'purge', which: string | undefined, options: LetterOptions): void {
  const selection = selectionOf(which, options.organization);
  const count = withLetters(options, (letters) => letters[what](selection));
  const done = what === 'replay' ? 'will be tried again' : 'removed';
  if (options.json === true) console.log(JSON.stringify({ count }));
  else console.log(`${count} dead letter${count === 1 ? '' : 's'} ${done}.`);
}

function selectionOf(which: string | undefined, organization: string | undefined): Selection {
  if (organization !== undefined && (which === undefined || which === 'all')) return { organization };
  if (organization === undefined && which === 'all') return {};
  if (organization === undefined && which !== undefined) return { id: which };
  throw new SightlineError('SL1006', {
    what: 'it takes an id, all, or --organization',
    where: 'npm run queue -- dead-letters',
    fix: 'for example: npm run queue -- dead-letters replay all',
  });
}
