import { Command } from 'commander';
import { watchdog } from '../../alerts/routing.ts';
import { rulesByDomain } from '../../alerts/rules/index.ts';
import { readEnvironment } from '../../infra/config.ts';
import { knownAlerts } from '../../infra/game-day/check.ts';
import { destinationsOf, severityAt } from '../../infra/game-day/destinations.ts';
import { chooseDrills, type Drill } from '../../infra/game-day/drills.ts';
import { extras as allExtras, parseExtras } from '../../infra/local/extras.ts';
import { freePortOffset } from '../../infra/local/pick-ports.ts';
import { localStack } from '../../infra/local/plan.ts';
import { localPorts } from '../../infra/local/ports.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { GameDay, type GameDayResult } from '../game-day/game-day.ts';
import { Observer } from '../game-day/observer.ts';
import { OwnStack } from '../game-day/own-stack.ts';
import { usualTimeScale } from '../game-day/pace.ts';
import { patienceFor } from '../game-day/patience.ts';
import { printableReport, reportOf } from '../game-day/report.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from '../stack-options.ts';

const examples = `
Examples:
  npm run game-day                             every fault there is
  npm run game-day -- --only errors            one kind, of every service
  npm run game-day -- --only audit:errors,loki:stop
  npm run game-day -- --with dapr --only redis:stop,audit-dapr:stop
  npm run game-day -- --time-scale 10          slower, for a busy machine
  npm run --silent game-day -- --json > report.json

Starts a stack of its own in which time runs faster, on free ports unless --port-offset names some, breaks it in every
way there is, and watches what arrives in its inbox. Real receivers hear nothing of it. Exit code: 0 when each fault
raised, delivered and ended what is declared in infra/game-day and nothing else fired; 1 when not; 130 after Ctrl-C.`;

interface GameDayOptions extends RawStackOptions {
  readonly only?: readonly string[];
  readonly timeScale?: string;
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly with?: readonly string[];
}

/** \`game-day\`: proves, fault by fault, that the right people learn of it, and of nothing else. */
export function gameDayCommand(): Command {
  return withStackOptions(new Command('game-day'))
    .option('--only <faults>', 'kinds, or process:kind, separated by commas', (text) => text.split(','))
    .option(
      '--time-scale <n>',
      `divide every wait and window of the alerts by n, 1 to 60 (default: ${usualTimeScale([])}, ${usualTimeScale(['dapr'])} with extras)`,
    )
    .option(
      '--with <extras>',
      `on a stack with ${allExtras.join(' or ')} added, as npm start has it`,
      (text) => text.split(','),
    )
    .option('--json', 'print the report as JSON')
    .option('--keep', 'keep the state directory, with data and logs of the stack')
    .addHelpText('after', examples)
    .action(gameDay);
}

async function gameDay(options: GameDayOptions): Promise<void> {
  const extras = parseExtras(options.with ?? []);
  const timeScale =
    options.timeScale === undefined ? usualTimeScale(extras) : parseTimeScale(options.timeScale);
  const drills = chooseDrills(options.only ?? [], extras);
  const portOffset = options.portOffset ?? String(await freePortOffset());
  const where = resolveStackOptions({ ...options, portOffset });
  const started = performance.now();
  const interruption = new AbortController();
  const interrupt = (): void => {
    // A second time: our processes end with us.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const say = progressLines(started);
  say('stack', `starts on port offset ${where.portOffset}, time divided by ${timeScale}, ${where.stateDir}`);
  const stack = await OwnStack.launch(where, timeScale, extras);
  try {
    const result = await breakEverything(drills, stack, { timeScale, say, signal: interruption.signal });
    const report = reportOf(result, timeScale, (performance.now() - started) / 1000);
    process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : printableReport(report)}\n`);
    process.exitCode = interruption.signal.aborted ? 130 : report.ok ? 0 : 1;
  } finally {
    await stack.stop(options.keep === true);
    say('stack', options.keep ? `stopped; its state is in ${where.stateDir}` : 'stopped and removed');
  }
}

type Say = (subject: string, message: string) => void;

function breakEverything(
  drills: readonly Drill[],
  stack: OwnStack,
  { timeScale, say, signal }: { readonly timeScale: number; readonly say: Say; readonly signal: AbortSignal },
): Promise<GameDayResult> {
  const ports = localPorts(stack.options.portOffset);
  const local = localStack(readEnvironment('local'), ports, timeScale);
  const { urls } = local;
  const destinations = destinationsOf(local.routing);
  const observer = new Observer(
    { prometheus: urls.prometheus, loki: urls.loki, inbox: `http://127.0.0.1:${ports.inbox}` },
    new Set(knownAlerts(local).map(({ name }) => name)),
    (to) => severityAt(destinations, to),
  );
  const gameDay = new GameDay(drills, {
    target: {
      observe: () => observer.observe(),
      isHealthy: () => stack.isHealthy(),
      spentBudgets: () => observer.spentBudgets(),
      inject: (drill) => stack.inject(drill),
      clear: (drill) => stack.clear(drill),
      tendDeadLetters: (action, services) => stack.tendDeadLetters(action, services),
    },
    destinations,
    tolerated: new Set([watchdog, ...rulesByDomain.hosts.map(({ name }) => name)]),
    patience: patienceFor(timeScale),
    signal,
    say,
  });
  return gameDay.run();
}

/** A line for each step, with the time since the start; on stderr, where it is in nobody's way. */
function progressLines(started: number): Say {
  return (subject, message) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds}s  ${subject.padEnd(26)} ${message}\n`);
  };
}

function parseTimeScale(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 60) return value;
  throw new SightlineError('SL1007', {
    what: `"${text}" is no time scale: it must be a number from 1 to 60`,
    where: '--time-scale',
    fix: 'leave it out, or take a smaller one on a slow machine',
  });
}
