import { Command, Option } from 'commander';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { median } from '../../telemetry/instrument/bench/parts.ts';
import { formatInstrumentationCost, measureInstrumentation } from '../../telemetry/instrument/bench.ts';
import { type GenerationFigures, measureGeneration } from '../benchmarks/generation.ts';
import { formatIngest, measureIngest } from '../benchmarks/ingest.ts';
import { formatPeer, measurePeer } from '../benchmarks/peer.ts';
import { measureColdStart, measureWarmStart } from '../benchmarks/startup.ts';

const examples = `
Examples:
  npm run bench                 everything, a cold start of a fresh clone included (some ten minutes)
  npm run bench -- --quick      without the cold start, fewer rounds (two minutes)
  npm run bench -- --json
  npm run bench -- ingest       the log pipeline: events a second and the time to a 202 (eight minutes)
  npm run bench -- ingest --seconds 5 --steady 15
  npm run bench -- --only peer --mixin ../kubernetes-mixin --jsonnet ~/go/bin/jsonnet
                                whole processes, beside go-jsonnet compiling kubernetes-mixin

Timings depend on the machine and on what else it does: compare figures of one run.`;

const parts = ['generation', 'warm', 'cold', 'instrumentation', 'peer'] as const;
type Part = (typeof parts)[number];

interface BenchOptions {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly only?: Part;
  readonly mixin?: string;
  readonly jsonnet: string;
}

export function benchCommand(): Command {
  const command = new Command('bench')
    .option('--quick', 'no cold start, three rounds instead of ten')
    .option('--json', 'print the figures as JSON')
    .addOption(new Option('--only <part>', 'one of the figures').choices(parts))
    .option('--mixin <dir>', 'a checkout of kubernetes-mixin with its vendor folder, to compare with')
    .option('--jsonnet <file>', 'the jsonnet of go-jsonnet that compiles it', 'jsonnet')
    .addHelpText('after', examples)
    .action(bench);
  command
    .command('ingest')
    .description('the log pipeline, beside Loki directly and Promtail')
    .option('--steady <seconds>', 'how long at 10,000 events/s, 1 to 3600', '300')
    .option('--seconds <seconds>', 'how long at the maximum for each size of batch, 1 to 600', '20')
    .action((options: IngestArguments) => ingest({ ...options, ...command.opts<{ json?: boolean }>() }));
  return command;
}

interface IngestArguments {
  readonly steady: string;
  readonly seconds: string;
  readonly json?: boolean;
}

async function ingest({ steady, seconds: most, json = false }: IngestArguments): Promise<void> {
  const found = findTools(['loki', 'promtail']);
  const [loki, promtail] = await Promise.all([found.get('loki'), found.get('promtail')]);
  if (loki === undefined || promtail === undefined) throw new Error('the toolchain does not know them');
  const figures = await measureIngest({
    loki: loki.path,
    promtail: promtail.path,
    steadySeconds: wholeSeconds('--steady', steady, 3600),
    seconds: wholeSeconds('--seconds', most, 600),
    say: (text) => process.stderr.write(`${text}\n`),
  });
  console.log(json ? JSON.stringify(figures, null, 2) : formatIngest(figures));
}

function wholeSeconds(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new SightlineError('SL1007', {
    what: `"${text}" is no whole number from 1 to ${most}`,
    where: option,
    fix: 'for example: npm run bench -- ingest --seconds 5 --steady 15',
  });
}

async function bench({ quick = false, json = false, only, mixin, jsonnet }: BenchOptions): Promise<void> {
  const figures: Record<string, unknown> = {};
  const measure = async <T>(part: Part, figure: () => Promise<T>, text: (figure: T) => string) => {
    if (only !== undefined && only !== part) return;
    const measured = await figure();
    figures[part] = measured;
    if (!json) console.log(text(measured));
  };
  await measure('generation', measureGeneration, formatGeneration);
  await measure(
    'warm',
    () => measureWarmStart(quick ? 2 : 5),
    ({ seconds: rounds }) =>
      `warm start     ${seconds(median(rounds))} to all healthy (rounds: ${rounds.map(seconds).join(', ')})`,
  );
  if (!quick)
    await measure(
      'cold',
      measureColdStart,
      ({ seconds: rounds }) =>
        `cold start     ${seconds(median(rounds))} to all healthy, from a fresh clone with empty caches`,
    );
  if (mixin === undefined) {
    if (only === 'peer') throw noMixin();
  } else await measure('peer', () => measurePeer({ mixin, jsonnet }, quick ? 3 : 10), formatPeer);
  await measure(
    'instrumentation',
    () => measureInstrumentation({ rounds: quick ? 3 : 10 }),
    formatInstrumentationCost,
  );
  if (json) console.log(JSON.stringify(figures, null, 2));
}

const noMixin = (): SightlineError =>
  new SightlineError('SL1007', {
    what: 'there is nothing to compare with',
    where: 'npm run bench -- --only peer',
    fix: 'add --mixin with a checkout of kubernetes-mixin, and --jsonnet',
  });

const formatGeneration = ({ files, rules, medianMs, firstMs }: GenerationFigures): string =>
  `generation     ${files} files, ${rules} alert rules: ${medianMs.toFixed(0)} ms ` +
  `(first time in a process ${firstMs.toFixed(0)} ms)`;

const seconds = (value: number): string => `${value.toFixed(1)} s`;
