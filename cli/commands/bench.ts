import { Command } from 'commander';
import { median } from '../../telemetry/instrument/bench/parts.ts';
import { formatInstrumentationCost, measureInstrumentation } from '../../telemetry/instrument/bench.ts';
import { measureGeneration } from '../benchmarks/generation.ts';
import { measureColdStart, measureWarmStart } from '../benchmarks/startup.ts';

const examples = `
Examples:
  npm run bench                 everything, a cold start of a fresh clone included (some ten minutes)
  npm run bench -- --quick      without the cold start, fewer rounds (two minutes)
  npm run bench -- --json

Timings depend on the machine and on what else it does: compare figures of one run.`;

interface BenchOptions {
  readonly quick?: boolean;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .option('--quick', 'no cold start, three rounds instead of ten')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', examples)
    .action(bench);
}

async function bench({ quick = false, json = false }: BenchOptions): Promise<void> {
  const say = (text: string): void => {
    if (!json) console.log(text);
  };
  const generation = await measureGeneration();
  say(
    `generation     ${generation.files} files, ${generation.rules} alert rules: ${generation.medianMs.toFixed(0)} ms ` +
      `(first time in a process ${generation.firstMs.toFixed(0)} ms)`,
  );
  const warm = await measureWarmStart(quick ? 2 : 5);
  say(
    `warm start     ${seconds(median(warm.seconds))} to all healthy (rounds: ${warm.seconds.map(seconds).join(', ')})`,
  );
  const cold = quick ? undefined : await measureColdStart();
  if (cold)
    say(
      `cold start     ${seconds(median(cold.seconds))} to all healthy, from a fresh clone with empty caches`,
    );
  const instrumentation = await measureInstrumentation({ rounds: quick ? 3 : 10 });
  say(formatInstrumentationCost(instrumentation));
  if (json) console.log(JSON.stringify({ generation, warm, cold, instrumentation }, null, 2));
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
