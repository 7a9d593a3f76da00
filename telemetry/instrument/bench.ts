import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measureParts, median, type PartCosts } from './bench/parts.ts';

/** Of one figure over the rounds: what the machine's noise does to it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One side of the comparison: medians over the rounds. */
export interface ServerFigures {
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  /** CPU time of the server, user and system, all threads. */
  readonly cpuMicrosecondsPerRequest: number;
}

export interface InstrumentationCost {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly partMicroseconds: PartCosts;
  readonly bare: ServerFigures;
  readonly instrumented: ServerFigures;
  /** The bare server's CPU time a request, in microseconds: it would be the same in each round on a quiet machine. */
  readonly noise: Spread;
  /** The share of requests a second that instrumentation costs, 0 to 1, from the two sides of each round. */
  readonly throughputLoss: Spread;
  /** The same of the CPU time a request: of what it costs, not of what was left over on a busy machine. */
  readonly cpuIncrease: Spread;
}

export interface BenchOptions {
  /** Alternated rounds of each side, 10 unless given. */
  readonly rounds?: number;
  /** Seconds of load in a round, 3 unless given. */
  readonly seconds?: number;
  /** Told after each round. */
  readonly onRound?: (round: number, bare: ServerFigures, instrumented: ServerFigures) => void;
}

interface BenchServer {
  measure(seconds: number): Promise<ServerFigures>;
  stop(): void;
}

const execFileAsync = promisify(execFile);
const serverFile = fileURLToPath(new URL('bench/server.ts', import.meta.url));
const loadFile = fileURLToPath(new URL('bench/load.ts', import.meta.url));
const loadGraceMs = 30_000;
const warmUpSeconds = 3;

/**
 * What the kit costs a trivial Express route, logging on, standard output read through a pipe. About a minute.
 * Load and reader are processes of their own, so the CPU time is the server's alone; but all of them share the
 * machine, and where it has few cores the requests a second tell of the load as much as of the server.
 */
export async function measureInstrumentation(options: BenchOptions = {}): Promise<InstrumentationCost> {
  const { rounds = 10, seconds = 3, onRound } = options;
  const partMicroseconds = measureParts();
  const bareServer = await startServer('bare');
  const instrumentedServer = await startServer('instrumented');
  const bare: ServerFigures[] = [];
  const instrumented: ServerFigures[] = [];
  try {
    await bareServer.measure(warmUpSeconds);
    await instrumentedServer.measure(warmUpSeconds);
    for (let round = 0; round < rounds; round += 1) {
      // Who goes first alternates too: whatever else runs on the machine must not favour one side.
      const sides = [
        async () => bare.push(await bareServer.measure(seconds)),
        async () => instrumented.push(await instrumentedServer.measure(seconds)),
      ];
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
      const [lastBare, lastInstrumented] = [bare.at(-1), instrumented.at(-1)];
      if (lastBare !== undefined && lastInstrumented !== undefined) {
        onRound?.(round + 1, lastBare, lastInstrumented);
      }
    }
  } finally {
    bareServer.stop();
    instrumentedServer.stop();
  }
  return {
    rounds,
    secondsPerRound: seconds,
    partMicroseconds,
    bare: medians(bare),
    instrumented: medians(instrumented),
    noise: spread(bare.map((figures) => figures.cpuMicrosecondsPerRequest)),
    throughputLoss: spread(
      pairs(bare, instrumented, (b, i) => 1 - i.requestsPerSecond / b.requestsPerSecond),
    ),
    cpuIncrease: spread(
      pairs(bare, instrumented, (b, i) => i.cpuMicrosecondsPerRequest / b.cpuMicrosecondsPerRequest - 1),
    ),
  };
}

async function startServer(mode: 'bare' | 'instrumented'): Promise<BenchServer> {
  const child = fork(serverFile, [mode], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'INFO' },
  });
  child.stdout?.resume();
  const { port } = await message<{ port: number }>(child);
  const url = `http://127.0.0.1:${port}/tasks/17`;
  return {
    async measure(seconds) {
      const before = await cpuMicroseconds(child);
      const { stdout } = await execFileAsync(process.execPath, [loadFile, url, String(seconds)], {
        timeout: seconds * 1000 + loadGraceMs,
      });
      const load = JSON.parse(stdout) as ServerFigures & { readonly requests: number };
      const cpu = (await cpuMicroseconds(child)) - before;
      return {
        requestsPerSecond: load.requestsPerSecond,
        p99Milliseconds: load.p99Milliseconds,
        cpuMicrosecondsPerRequest: cpu / load.requests,
      };
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

async function cpuMicroseconds(child: ChildProcess): Promise<number> {
  const answer = message<{ cpu: NodeJS.CpuUsage }>(child);
  child.send('cpu');
  const { cpu } = await answer;
  return cpu.user + cpu.system;
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [received] = await once(child, 'message', { signal: AbortSignal.timeout(loadGraceMs) });
  return received as T;
}

function pairs(
  bare: readonly ServerFigures[],
  instrumented: readonly ServerFigures[],
  compare: (bare: ServerFigures, instrumented: ServerFigures) => number,
): number[] {
  return bare.flatMap((figures, round) => {
    const other = instrumented[round];
    return other === undefined ? [] : [compare(figures, other)];
  });
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

function medians(figures: readonly ServerFigures[]): ServerFigures {
  return {
    requestsPerSecond: median(figures.map((f) => f.requestsPerSecond)),
    p99Milliseconds: median(figures.map((f) => f.p99Milliseconds)),
    cpuMicrosecondsPerRequest: median(figures.map((f) => f.cpuMicrosecondsPerRequest)),
  };
}

/** The figures as lines for people. */
export function formatInstrumentationCost(cost: InstrumentationCost): string {
  const side = (name: string, f: ServerFigures) =>
    `${name.padEnd(13)} ${f.requestsPerSecond.toFixed(0).padStart(7)} requests/s   p99 ${f.p99Milliseconds.toFixed(1)} ms   CPU ${f.cpuMicrosecondsPerRequest.toFixed(1)} µs a request`;
  const { metrics, logging, tracing } = cost.partMicroseconds;
  const percent = ({ median: middle, least, most }: Spread) =>
    `${(middle * 100).toFixed(1)} % (${(least * 100).toFixed(1)} to ${(most * 100).toFixed(1)})`;
  return [
    `GET /tasks/:id, ${cost.rounds} alternated rounds of ${cost.secondsPerRound} s, medians`,
    side('bare', cost.bare),
    side('instrumented', cost.instrumented),
    `loss, paired by round: ${percent(cost.throughputLoss)} of the requests a second; ${percent(cost.cpuIncrease)} more CPU a request`,
    `noise: the bare server took ${cost.noise.least.toFixed(1)} to ${cost.noise.most.toFixed(1)} µs of CPU a request`,
    `parts, alone: metrics ${metrics.toFixed(2)} µs, logging ${logging.toFixed(2)} µs, tracing ${tracing.toFixed(2)} µs a request`,
  ].join('\n');
}

if (import.meta.main) {
  const cost = await measureInstrumentation({
    onRound: (round, bare, instrumented) =>
      process.stderr.write(
        `round ${round}: bare ${bare.requestsPerSecond.toFixed(0)}/s, instrumented ${instrumented.requestsPerSecond.toFixed(0)}/s\n`,
      ),
  });
  process.stdout.write(`${formatInstrumentationCost(cost)}\n`);
}
