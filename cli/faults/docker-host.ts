import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { stackName } from '../../infra/docker/plan.ts';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { containerLabels } from '../../infra/render/container-logs.ts';
import { checkFaultSeconds, faultSchema, plannedFault } from '../../services/kit/faults/file.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { interruptible } from '../interruptible.ts';
import type { FaultHost } from './fault-host.ts';

/** Milliseconds; a container may take five minutes to stop. */
const timeoutMs = 330_000;

/** Runs in a container of a service; `given` are its arguments. Its files of faults are in a volume that all of them have. */
const script = (body: string): string => `
  const { clearFaults, readFaults, writeFault } = await import('/app/services/kit/faults/file.ts');
  const directory = process.env.FAULTS_DIR;
  const given = JSON.parse(process.argv[1]);
  console.log(JSON.stringify(${body} ?? null));`;

const listed = z.array(faultSchema.extend({ service: z.enum(serviceNames) }));

interface Container {
  readonly name: string;
  /** What the plan calls it. */
  readonly part: string;
  readonly isRunning: boolean;
}

/** The stack in containers on the host that the program `docker` speaks to. */
export function dockerHost(env: NodeJS.ProcessEnv): FaultHost {
  const docker = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, output } = await runCommand('docker', args, { env, timeoutMs });
    if (exitCode !== 0) throw refused(`docker ${args[0]}: ${output.trim()}`);
    return output;
  };
  const containers = async (): Promise<readonly Container[]> => {
    const filter = `label=${containerLabels.stack}=${stackName}`;
    const rows = await docker('ps', '--all', '--filter', filter, '--format', '{{.Names}} {{.Status}}');
    return rows.split('\n').flatMap((row) => {
      const [, name, part, status] = new RegExp(`^(${stackName}-(.+)-\\d+) (\\w+)`).exec(row) ?? [];
      return name && part ? [{ name, part, isRunning: status === 'Up' }] : [];
    });
  };
  const inService = async (body: string, given: object): Promise<unknown> => {
    const all = await containers();
    const found = all.find(({ part, isRunning }) => isRunning && serviceNames.some((name) => name === part));
    if (!found) throw refused('none of its services runs');
    const args = ['node', '--input-type=module', '--eval', script(body), JSON.stringify(given)];
    // The last line: whatever Node has to say comes before it.
    const printed = await docker('exec', found.name, ...args);
    return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
  };
  const held = async (): Promise<readonly Container[]> =>
    (await containers()).filter(({ isRunning }) => !isRunning);
  const release = async (part: string): Promise<void> => {
    const all = (await containers()).filter((each) => each.part === part);
    if (all.length === 0) throw refused(`there is no container of ${part}`);
    const down = all.filter(({ isRunning }) => !isRunning).map(({ name }) => name);
    if (down.length > 0) await docker('start', ...down);
  };
  return {
    faults: async () =>
      listed.parse(
        await inService(
          'given.flatMap((service) => readFaults(directory, service).map((fault) => ({ service, ...fault })))',
          serviceNames,
        ),
      ),
    async begin(request) {
      // What cannot be is said here, not by a process in a container.
      plannedFault(request);
      return faultSchema.parse(await inService('writeFault(directory, given)', request));
    },
    async end(service) {
      await inService('clearFaults(directory, given.service)', { service });
    },
    held: async () => (await held()).map(({ part }) => ({ name: part, detail: 'until it is started' })),
    async hold(part, seconds, onHeld) {
      checkFaultSeconds(seconds, `fault ${part} stop`);
      const up = (await containers()).filter((each) => each.part === part && each.isRunning);
      if (up.length === 0) throw refused(`no container of ${part} runs`);
      // Docker ends no stop by itself: this command stays to do it, however it is ended.
      await interruptible(async (signal) => {
        try {
          await docker('stop', ...up.map(({ name }) => name));
          onHeld(', while this command runs');
          await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
        } finally {
          await release(part);
        }
      });
    },
    release,
  };
}

const refused = (what: string): SightlineError =>
  new SightlineError('SL1314', {
    what,
    where: 'npm run fault -- --docker',
    fix: 'see with `docker ps` what runs; docs/how-to/run-in-docker.md starts it',
  });
