import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { embeddedChaos } from '../chaos/embedded/embedded-chaos.ts';
import { kafkaChaos } from '../chaos/kafka/kafka-chaos.ts';
import { kafkaReliabilityPage } from '../chaos/kafka/kafka-report.ts';
import { type ChaosFigures, pipelineChaos } from '../chaos/pipeline-chaos.ts';
import { figureRows, isWhole, reliabilityPage } from '../chaos/report.ts';
import { interruptible } from '../interruptible.ts';

const examples = `
Examples:
  npm run chaos -- pipeline                        thirty kills, Loki away for two minutes (some ten minutes)
  npm run chaos -- pipeline --kills 3 --outage 5   a short one
  npm run chaos -- pipeline --json
  npm run chaos -- pipeline --write                the figures into docs/reliability.md
  npm run chaos -- pipeline --queue kafka --write  the same on a broker, into docs/reliability-on-kafka.md

It runs on free ports and leaves nothing behind. The full disk needs root, to mount a small one.`;

interface RawOptions {
  readonly queue: string;
  readonly kills: string;
  readonly outage: string;
  readonly json?: boolean;
  readonly write?: boolean;
}

/** `chaos`: breaks things under load, and counts what is lost. */
export function chaosCommand(): Command {
  const command = new Command('chaos').addHelpText('after', examples);
  command
    .command('pipeline')
    .description('the log pipeline: every acknowledged entry is in Loki or among the dead letters')
    .addOption(
      new Option('--queue <queue>', 'which queue').choices(['embedded', 'kafka']).default('embedded'),
    )
    .option('--kills <n>', 'how often a process is killed, 1 to 1000', '30')
    .option('--outage <seconds>', 'how long Loki is stopped, 0 to 3600', '120')
    .option('--json', 'the figures as JSON')
    .option('--write', 'write the page of docs with the figures')
    .action(pipeline);
  return command;
}

async function pipeline(options: RawOptions): Promise<void> {
  await interruptible(async (signal) => {
    const isKafka = options.queue === 'kafka';
    const tools = findTools(isKafka ? ['loki', 'kafka'] : ['loki'], { signal });
    const [loki, kafka] = await Promise.all([tools.get('loki'), tools.get('kafka')]);
    if (loki === undefined) throw new Error('the toolchain does not know Loki');
    const figures = await pipelineChaos({
      loki: loki.path,
      makeQueue: (directory) =>
        kafka === undefined ? embeddedChaos(directory) : kafkaChaos(kafka.path, directory),
      kills: wholeNumber('--kills', options.kills, 1, 1000),
      outageMs: wholeNumber('--outage', options.outage, 0, 3600) * 1000,
      say: (text) => process.stderr.write(`${text}\n`),
      signal,
    });
    print(figures, options);
    if (!isWhole(figures)) throw lossOf(figures);
  });
}

function print(figures: ChaosFigures, { json, write }: RawOptions): void {
  if (json === true) {
    console.log(JSON.stringify(figures, null, 2));
  } else {
    const width = Math.max(...figureRows(figures).map(([what]) => what.length));
    for (const [what, figure] of figureRows(figures)) {
      console.log(`${what.replaceAll('*', '').padEnd(width)}  ${figure.replaceAll('*', '')}`);
    }
  }
  if (write === true) {
    const isKafka = figures.queue === 'kafka';
    const page = isKafka ? 'docs/reliability-on-kafka.md' : 'docs/reliability.md';
    const text = isKafka ? kafkaReliabilityPage(figures) : reliabilityPage(figures);
    writeFileSync(path.join(repositoryRoot, page), text);
    process.stderr.write(`Wrote ${page}.\n`);
  }
}

function lossOf({ ledger, load, trials }: ChaosFigures): SightlineError {
  const some = ledger.lost.slice(0, 3).join(', ');
  const lost = `${ledger.lost.length} acknowledged entries are lost${some === '' ? '' : ` (${some})`}`;
  const bad = trials
    .filter(({ outcome }) => outcome === 'bad')
    .map(({ what, figure }) => `${what}: ${figure}`);
  return new SightlineError('SL1722', {
    what: [lost, `${load.falseAcks} answers with 202 did not have the ids`, ...bad].join('; '),
    where: 'npm run chaos -- pipeline',
    fix: 'this is a defect of the log pipeline: look for the last change of services/pipeline and services/log-ingestor',
  });
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SightlineError('SL1007', {
    what: `"${text}" is no whole number from ${least} to ${most}`,
    where: option,
    fix: 'for example: npm run chaos -- pipeline --kills 30 --outage 120',
  });
}
