import { Command, Option } from 'commander';
import { extras, namesOf, parseExtras } from '../../infra/local/extras.ts';
import { ensureSupervisor, supervisorScript } from '../../infra/local/supervisor/launch.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { createStatusPrinter, printStack } from '../output/status-printer.ts';
import {
  type RawStackOptions,
  resolveStackOptions,
  stackCommand,
  withStackOptions,
} from '../stack-options.ts';
import { waitForHealth, watchStack } from '../watch-stack.ts';

interface StartOptions extends RawStackOptions {
  readonly detach?: boolean;
  readonly traffic: boolean;
  readonly timeScale: string;
  readonly with?: readonly string[];
}

const examples = `
Examples:
  npm start                                    in the foreground, until Ctrl-C
  npm start -- --detach                        returns once everything is healthy
  npm start -- --port-offset 10000             a second stack beside the first
  npm start -- --with dapr                     the services talk through Dapr sidecars, over Redis
  npm start -- --with kafka                    the same over a Kafka broker, which carries the logs' queue too

The command that started the stack stops it with Ctrl-C, and the stack does not outlive it. Where the stack runs
already, start shows it; Ctrl-C then only stops showing it.

Exit code with --detach: 0 all healthy, 1 not, with the reason. What does run keeps running in either case, and when
Ctrl-C ends the waiting.`;

/** @param script the supervisor's own program; another one than main.ts only in tests */
export function startCommand(script: string = supervisorScript): Command {
  return withStackOptions(new Command('start'))
    .option('--detach', 'return once everything is healthy, and leave the stack running')
    .option('--no-traffic', 'without the traffic generator')
    .option(
      '--with <extra>',
      `add ${extras.join(' or ')}, comma separated or one by one; kafka brings dapr along`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .addOption(
      new Option('--time-scale <n>', 'divide every duration of rules and routing by n')
        .default('1')
        .hideHelp(),
    )
    .addHelpText('after', examples)
    .action((options: StartOptions) => start(options, script));
}

async function start(options: StartOptions, script: string): Promise<void> {
  const stack = resolveStackOptions(options);
  const { stateDir, portOffset } = stack;
  const timeScale = parseTimeScale(options.timeScale);
  const printer = createStatusPrinter(process.stdout);
  const { attached, status } = await ensureSupervisor(
    {
      stateDir,
      portOffset,
      timeScale,
      traffic: options.traffic,
      ...(options.with && { with: parseExtras(options.with) }),
      owner: options.detach ? null : process.pid,
    },
    {
      script,
      env: process.env,
      onWaiting: () => printer.say('Another start or stop of this stack is under way; waiting.'),
    },
  );
  if (attached) {
    const added = status.with.length === 0 ? '' : `, with ${namesOf(status.with)}`;
    printer.say(`The stack runs already (supervisor pid ${status.supervisor?.pid}${added}).`);
  }
  if (!options.detach) {
    printer.say(
      attached
        ? `Ctrl-C stops showing it; ${stackCommand('down', stack)} stops it.`
        : 'Ctrl-C stops everything.',
    );
    await watchStack(stateDir, printer, !attached);
    return;
  }
  const healthy = await waitForHealth(stateDir, printer);
  if (!process.stdout.isTTY) printStack(healthy, process.stdout);
  printer.say(
    `All healthy. Show it: ${stackCommand('status', stack)}. Stop it: ${stackCommand('down', stack)}.`,
  );
}

function parseTimeScale(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 1_000) return value;
  throw new SightlineError('SL1007', {
    what: `"${text}" is no time scale: it must be a number from 1 to 1000`,
    where: '--time-scale',
    fix: 'leave it out; it is for tests',
  });
}
