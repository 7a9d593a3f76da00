import { Command, Option } from 'commander';
import { SightlineError } from '../../telemetry/errors.ts';
import { median } from '../../telemetry/instrument/bench/parts.ts';
import { formatInstrumentationCost, measureInstrumentation } from '../../telemetry/instrument/bench.ts';
import { type GenerationFigures, measureGeneration } from '../benchmarks/generation.ts';
import { formatPeer, measurePeer } from '../benchmarks/peer.ts';
import { measureColdStart, measureWarmStart } from '../benchmarks/startup.ts';
import { ingestCommand, searchCommand } from './bench-log-pipeline.ts';

const examples = `
Examples:
  npm run bench                 everything, a cold start of a fresh clone included (some ten minutes)
  npm run bench -- --quick      without the cold start, fewer rounds (two minutes)
  npm run bench -- --json
  npm run bench -- ingest       the log pipeline: events a second and the time to a 202 (twenty minutes)
  npm run bench -- search       searches over ten million lines (ten minutes)
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
  command.addCommand(ingestCommand()).addCommand(searchCommand());
  return command;
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
