import { Command } from 'commander';
import { parseDuration } from '../../services/kit/faults/duration.ts';
import { type FaultKind, faultKindNames, faultKinds } from '../../services/kit/faults/kinds.ts';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { dockerHost } from '../faults/docker-host.ts';
import type { FaultHost } from '../faults/fault-host.ts';
import { localHost } from '../faults/local-host.ts';
import { textTable } from '../output/table.ts';
import {
  type RawStackOptions,
  resolveStackOptions,
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
  npm run fault -- --docker loki stop --for 2m   in containers (docs/how-to/run-in-docker.md)

Every fault ends by itself.`;

interface FaultOptions extends RawStackOptions {
  readonly rate?: string;
  readonly for: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly clear?: string | true;
  readonly docker?: boolean;
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
    .option('--docker', 'the stack in containers, by the program docker; a stop lasts while the command runs')
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
  const host = options.docker === true ? dockerHost(process.env) : localHost(stack);
  const end =
    options.docker === true ? 'npm run fault -- --docker --clear' : stackCommand('fault', stack, '--clear');
  if (options.clear !== undefined) return clear(host, options.clear);
  if (options.list === true) return list(host, end, options.json === true);
  if (target === undefined || kind === undefined) {
    throw new SightlineError('SL1705', {
      what: 'it takes a process and what shall go wrong with it',
      where: 'npm run fault',
      fix: 'for example npm run fault -- backend-api errors; npm run fault -- --list shows the choice',
    });
  }
  if (kind === 'stop') return hold(host, target, parseDuration(options.for));
  if (kind === 'resume') return resume(host, target);
  const service = knownService(target);
  const knownKind = knownFaultKind(kind);
  const fault = await host.begin({
    service,
    kind: knownKind,
    seconds: parseDuration(options.for),
    ...(options.rate === undefined ? {} : { rate: Number(options.rate) }),
  });
  process.stdout.write(
    `${service}: ${knownKind} at rate ${fault.rate} until ${fault.until}: ${faultKinds[knownKind].description}.\n`,
  );
}

const hold = (host: FaultHost, target: string, seconds: number): Promise<void> =>
  host.hold(target, seconds, (how = '') => {
    process.stdout.write(`${target} is held down for ${seconds} s${how}.\n`);
  });

async function resume(host: FaultHost, target: string): Promise<void> {
  const isHeld = (await host.held()).some(({ name }) => name === target);
  // Asked even when it is not held: the host knows which names exist.
  await host.release(target);
  process.stdout.write(isHeld ? `${target} starts again.\n` : `${target} was not held down.\n`);
}

async function clear(host: FaultHost, which: string | true): Promise<void> {
  const held = (await host.held()).filter(({ name }) => which === true || name === which);
  const services = which === true ? serviceNames : held.length > 0 ? [] : [knownService(which)];
  const on = services.length === 0 ? [] : await host.faults();
  const faulty = services.filter((name) => on.some(({ service }) => service === name));
  for (const service of faulty) await host.end(service);
  for (const { name } of held) await host.release(name);
  const lines = [
    ...(faulty.length === 0 ? [] : [`Faults ended: ${faulty.join(', ')}.`]),
    ...held.map(({ name }) => `${name} starts again.`),
  ];
  process.stdout.write(`${lines.length === 0 ? 'No fault was on.' : lines.join('\n')}\n`);
}

async function list(host: FaultHost, end: string, json: boolean): Promise<void> {
  const active = await host.faults();
  const held = (await host.held()).map(({ name, detail }) => ({ name, detail }));
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
  process.stdout.write(`End them: ${end}\n`);
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
