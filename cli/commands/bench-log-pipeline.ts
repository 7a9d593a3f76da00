import { Command, Option } from 'commander';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import type { ToolName } from '../../infra/versions.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { formatIngest } from '../benchmarks/ingest/format.ts';
import { measureIngest } from '../benchmarks/ingest/ingest.ts';
import type { Binary } from '../benchmarks/ingest/measured.ts';
import { formatSearch, measureSearch } from '../benchmarks/search/search.ts';
import { interruptible } from '../interruptible.ts';

/** `bench ingest`: how much the log pipeline takes, and how soon it says so. */
export function ingestCommand(): Command {
  return new Command('ingest')
    .description('the log pipeline, beside Loki directly, Promtail and an OpenTelemetry Collector')
    .addOption(
      new Option('--queue <queue>', 'which queue').choices(['embedded', 'kafka']).default('embedded'),
    )
    .option('--steady <seconds>', 'how long at 10,000 events/s, 1 to 3600', '300')
    .option('--seconds <seconds>', 'how long at the maximum for each size of batch, 1 to 600', '20')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run bench -- ingest\n  npm run bench -- ingest --seconds 5 --steady 15\n  npm run bench -- ingest --queue kafka',
    )
    .action(ingest);
}

/** `bench search`: how soon the gateway finds what is asked for. */
export function searchCommand(): Command {
  return new Command('search')
    .description('searches by the gateway over a day of lines in a Loki that was just started')
    .option('--lines <count>', 'lines to search in, 10000 to 100000000', '10000000')
    .option('--rounds <count>', 'searches of each kind, 1 to 10000', '100')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run bench -- search\n  npm run bench -- search --lines 1000000 --rounds 20',
    )
    .action(search);
}

const say = (text: string): void => console.error(text);

async function ingest(
  options: Readonly<Record<'queue' | 'steady' | 'seconds', string>> & { json?: boolean },
): Promise<void> {
  await interruptible(async (signal) => {
    const figures = await measureIngest({
      loki: await pathOf('loki'),
      promtail: await pathOf('promtail'),
      collector: await binaryOf('otelcol'),
      kafka: options.queue === 'kafka' ? await pathOf('kafka') : undefined,
      steadySeconds: whole('--steady', options.steady, 1, 3600),
      seconds: whole('--seconds', options.seconds, 1, 600),
      say,
      signal,
    });
    console.log(options.json ? JSON.stringify(figures, null, 2) : formatIngest(figures));
  });
}

async function search(
  options: Readonly<Record<'lines' | 'rounds', string>> & { json?: boolean },
): Promise<void> {
  await interruptible(async (signal) => {
    const figures = await measureSearch({
      loki: await pathOf('loki'),
      lines: whole('--lines', options.lines, 10_000, 100_000_000),
      rounds: whole('--rounds', options.rounds, 1, 10_000),
      say,
      signal,
    });
    console.log(options.json ? JSON.stringify(figures, null, 2) : formatSearch(figures));
  });
}

async function pathOf(tool: ToolName): Promise<string> {
  const found = await findTools([tool]).get(tool);
  if (found === undefined) throw new Error(`the toolchain does not know ${tool}`);
  return found.path;
}

/** What is only compared with may be missing: the figures say so. */
async function binaryOf(tool: ToolName): Promise<Binary> {
  try {
    return { path: await pathOf(tool) };
  } catch (error) {
    if (error instanceof SightlineError) return { missing: error.message };
    throw error;
  }
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SightlineError('SL1007', {
    what: `"${text}" is no whole number from ${least} to ${most}`,
    where: option,
    fix: 'see npm run bench -- ingest --help, or search --help',
  });
}
