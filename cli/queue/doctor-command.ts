import { Command } from 'commander';
import { dumpQueue, verifyQueue } from '../../services/pipeline/queue/embedded/queue-doctor.ts';
import { repairQueue } from '../../services/pipeline/queue/embedded/queue-repair.ts';
import type { Damage } from '../../services/pipeline/queue/embedded/walk-batches.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { pipelineConfigOf } from '../pipeline-options.ts';
import { type QueueOptions, withQueueOptions } from './queue-options.ts';

const examples = `
Examples:
  npm run queue -- doctor verify                  every batch against its checksum; works while the pipeline runs
  npm run queue -- doctor verify --json
  npm run queue -- doctor repair                  a new file of what is whole; gateway and ingestor must be stopped
  npm run queue -- doctor dump > queue.ndjson     every entry that waits, one a line

The queue is queue.directory of config.yaml (--config, PIPELINE_CONFIG), or QUEUE_DIRECTORY. What is damaged is named and
ends with exit code 1.`;

/** Kept batches between two words about them. */
const sayEvery = 10_000;

/** `queue doctor`: looks at the embedded queue, and mends it. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('look at every batch, keep what is whole, or print what waits')
    .addHelpText('after', examples);
  withQueueOptions(command.command('verify').description('look at every batch')).action(verify);
  withQueueOptions(command.command('repair').description('keep what is whole')).action(repair);
  command
    .command('dump')
    .description('print every entry that waits, as JSON')
    .option('--config <file>', 'config.yaml of the log pipeline')
    .action(dump);
  return command;
}

const directoryOf = (options: QueueOptions): string => pipelineConfigOf(options).queue.directory;

function verify(options: QueueOptions): void {
  const directory = directoryOf(options);
  const health = verifyQueue(directory);
  if (options.json === true) console.log(JSON.stringify(health, null, 2));
  else {
    console.log(`${health.batches} batches with ${health.entries} entries wait and are whole.`);
    for (const damage of health.damages) console.log(`${nameOf(damage)} is damaged: ${damage.reason}.`);
    for (const problem of health.file) console.log(`The file is damaged: ${problem}.`);
  }
  if (health.damages.length + health.file.length > 0) throw damaged(directory, health.damages, health.file);
}

function dump(options: QueueOptions): void {
  const directory = directoryOf(options);
  const damages: Damage[] = [];
  dumpQueue(
    directory,
    (json) => process.stdout.write(`${json}\n`),
    (damage) => {
      process.stderr.write(`${nameOf(damage)} is left out: ${damage.reason}.\n`);
      damages.push(damage);
    },
  );
  if (damages.length > 0) throw damaged(directory, damages, []);
}

function repair(options: QueueOptions): void {
  const { kept, damages, progress, aside } = repairQueue(directoryOf(options), (count) => {
    if (count > 0 && count % sayEvery === 0) process.stderr.write(`${count} batches are kept so far\n`);
  });
  if (options.json === true) {
    console.log(JSON.stringify({ kept, damages, progress, aside }, null, 2));
    return;
  }
  console.log(`${kept} batches were kept; the old file is ${aside}.`);
  for (const reason of progress)
    console.log(`The progress was damaged, and batches may come again: ${reason}.`);
  for (const damage of damages) console.log(`${nameOf(damage)} is lost: ${damage.reason}.`);
}

const nameOf = ({ batch, through }: Damage): string =>
  through === undefined ? `Batch ${batch}` : `Each of the batches ${batch} to ${through}`;

const damaged = (directory: string, damages: readonly Damage[], file: readonly string[]): SightlineError =>
  new SightlineError('SL1723', {
    what: `batches are damaged in ${damages.length} places, and the file in ${file.length}`,
    where: directory,
    fix: 'stop log-gateway and log-ingestor, run `npm run queue -- doctor repair`, and start them again',
  });
