import path from 'node:path';
import { Command } from 'commander';
import { localPaths } from '../../infra/local/files.ts';
import { holdProcess, readStackStatus, releaseProcess } from '../../infra/local/supervisor/control-client.ts';
import type { ProcessStatus } from '../../infra/local/supervisor/status.ts';
import { parseDuration } from '../../services/kit/faults/duration.ts';
import { clearFaults, type Fault, readFaults, writeFault } from '../../services/kit/faults/file.ts';
import { type FaultKind, faultKindNames, faultKinds } from '../../services/kit/faults/kinds.ts';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import {
  type RawStackOptions,
  resolveStackOptions,
  type StackOptions,
  stackCommand,
  withStackOptions,
} from '../stack-options.ts';

const examples = `
Examples:
  npm run fault -- --list
  npm run fault -- backend-api errors
  npm run fault -- backend-api latency --rate 0.3 --for 10m
  npm run fault -- loki stop --for 2m      hold any process of the stack down
  npm run fault -- redis stop --for 1m     the bus of a stack that runs with Dapr; audit-dapr is a sidecar
  npm run fault -- loki resume             end that early
  npm run fault -- --clear backend-api     end the faults of one service
  npm run fault -- --clear                 end them all, stops included

Every fault ends by itself.`;

interface FaultOptions extends RawStackOptions {
  readonly rate?: string;
  readonly for: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly clear?: string | true;
}

/** `fault`: makes a service misbehave for a while, or holds a process down. */
export function faultCommand(): Command {
  return withStackOptions(new Command('fault'))
    .argument('[target]', `${serviceNames.join(', ')}; for stop and resume any process`)
    .argument('[kind]', `${faultKindNames.join(', ')}, stop, resume`)
    .option('--rate <share>', 'how often it strikes, greater than 0, at most 1 (default: by kind)')
    .option('--for <duration>', 'how long: 30s, 5m, 1h; at most 24h', '5m')
    .option('--list', 'what can go wrong where, and what does at the moment')
    .option('--json', 'the list as JSON, for scripts')
    .option('--clear [process]', 'end the faults and the stop of one, or of all')
    .addHelpText('after', examples)
    .action((target: string | undefined, kind: string | undefined, options: FaultOptions) =>
      run(target, kind, options),
    );
}

async function run(
  target: string | undefined,
  kind: string | undefined,
  options: FaultOptions,
): Promise<void> {
  const stack = resolveStackOptions(options);
  const { stateDir } = stack;
  if (options.clear !== undefined) return clear(stateDir, options.clear);
  if (options.list === true) return list(stack, options.json === true);
  if (target === undefined || kind === undefined) {
    throw new SightlineError('SL1705', {
      what: 'it takes a process and what shall go wrong with it',
      where: 'npm run fault',
      fix: 'for example npm run fault -- backend-api errors; npm run fault -- --list shows the choice',
    });
  }
  if (kind === 'stop') return hold(stateDir, target, parseDuration(options.for));
  if (kind === 'resume') return resume(stateDir, target);
  const service = knownService(target);
  const knownKind = knownFaultKind(kind);
  await requireStack(stack);
  const fault = writeFault(faultsIn(stateDir), {
    service,
    kind: knownKind,
    seconds: parseDuration(options.for),
    ...(options.rate === undefined ? {} : { rate: Number(options.rate) }),
  });
  process.stdout.write(
    `${service}: ${knownKind} at rate ${fault.rate} until ${fault.until}: ${faultKinds[knownKind].description}.\n`,
  );
}

async function hold(stateDir: string, target: string, seconds: number): Promise<void> {
  await holdProcess(stateDir, target, seconds);
  process.stdout.write(`${target} is held down for ${seconds} s.\n`);
}

async function resume(stateDir: string, target: string): Promise<void> {
  const isHeld = (await heldProcesses(stateDir)).some(({ name }) => name === target);
  // Asked even when it is not held: the supervisor knows which names exist.
  await releaseProcess(stateDir, target);
  process.stdout.write(isHeld ? `${target} starts again.\n` : `${target} was not held down.\n`);
}

async function clear(stateDir: string, which: string | true): Promise<void> {
  const held = (await heldProcesses(stateDir)).filter(({ name }) => which === true || name === which);
  const services = which === true ? serviceNames : held.length > 0 ? [] : [knownService(which)];
  const faulty = services.filter((service) => readFaults(faultsIn(stateDir), service).length > 0);
  for (const service of faulty) clearFaults(faultsIn(stateDir), service);
  for (const { name } of held) await releaseProcess(stateDir, name);
  const lines = [
    ...(faulty.length === 0 ? [] : [`Faults ended: ${faulty.join(', ')}.`]),
    ...held.map(({ name }) => `${name} starts again.`),
  ];
  process.stdout.write(`${lines.length === 0 ? 'No fault was on.' : lines.join('\n')}\n`);
}

async function heldProcesses(stateDir: string): Promise<readonly ProcessStatus[]> {
  const status = await readStackStatus(stateDir);
  return status?.processes.filter(({ state }) => state === 'held') ?? [];
}

interface ActiveFault extends Fault {
  readonly service: ServiceName;
}

async function list(stack: StackOptions, json: boolean): Promise<void> {
  const active: ActiveFault[] = serviceNames.flatMap((service) =>
    readFaults(faultsIn(stack.stateDir), service).map((fault) => ({ service, ...fault })),
  );
  const held = (await heldProcesses(stack.stateDir)).map(({ name, detail }) => ({ name, detail }));
  if (json) {
    const kinds = faultKindNames.map((kind) => ({ kind, ...faultKinds[kind] }));
    process.stdout.write(`${JSON.stringify({ kinds, active, held }, null, 2)}\n`);
    return;
  }
  const kinds = faultKindNames.map((kind) => {
    const { defaultRate, description, services } = faultKinds[kind];
    const everywhere = services.length === serviceNames.length;
    return [kind, defaultRate, description, everywhere ? 'all' : services.join(', ')];
  });
  process.stdout.write(
    `${textTable(['kind', 'rate', 'what happens', 'services'], kinds, [16, 6, 44, 32])}\n\n`,
  );
  if (active.length + held.length === 0) {
    process.stdout.write('No fault is on.\n');
    return;
  }
  const now = [
    ...active.map(({ service, kind, rate, until }) => [service, kind, rate, `until ${until}`]),
    ...held.map(({ name, detail }) => [name, 'stop', '', detail]),
  ];
  process.stdout.write(`${textTable(['process', 'on now', 'rate', 'how long'], now)}\n`);
  process.stdout.write(`End them: ${stackCommand('fault', stack, '--clear')}\n`);
}

function faultsIn(stateDir: string): string {
  return path.join(stateDir, localPaths.faults);
}

function knownService(name: string): ServiceName {
  const known = serviceNames.find((service) => service === name);
  if (known !== undefined) return known;
  throw new SightlineError('SL1705', {
    what: `${JSON.stringify(name)} is none of the services that can have faults`,
    where: 'npm run fault',
    fix: `take one of ${serviceNames.join(', ')}; any other process can only be stopped, for example: npm run fault -- loki stop`,
  });
}

function knownFaultKind(name: string): FaultKind {
  const known = faultKindNames.find((kind) => kind === name);
  if (known !== undefined) return known;
  throw new SightlineError('SL1705', {
    what: `there is no fault ${JSON.stringify(name)}`,
    where: 'npm run fault',
    fix: `take one of ${faultKindNames.join(', ')}, stop, resume`,
  });
}

/** A fault that nobody follows would only be found by waiting for it. */
async function requireStack(stack: StackOptions): Promise<void> {
  if ((await readStackStatus(stack.stateDir)) !== undefined) return;
  throw new SightlineError('SL1310', {
    what: 'no stack is running',
    where: stack.stateDir,
    fix: `start it: ${stackCommand('start', stack)}`,
  });
}
