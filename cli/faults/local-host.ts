import path from 'node:path';
import { localPaths } from '../../infra/local/files.ts';
import { holdProcess, readStackStatus, releaseProcess } from '../../infra/local/supervisor/control-client.ts';
import { clearFaults, readFaults, writeFault } from '../../services/kit/faults/file.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { type StackOptions, stackCommand } from '../stack-options.ts';
import type { FaultHost } from './fault-host.ts';

/** The stack of `npm start`: its supervisor holds processes down, and faults are files below its state. */
export function localHost(stack: StackOptions): FaultHost {
  const { stateDir } = stack;
  const directory = path.join(stateDir, localPaths.faults);
  return {
    faults: async () =>
      serviceNames.flatMap((service) =>
        readFaults(directory, service).map((fault) => ({ service, ...fault })),
      ),
    async begin(request) {
      // A fault that nobody follows would only be found by waiting for it.
      if ((await readStackStatus(stateDir)) === undefined) throw noStack(stack);
      return writeFault(directory, request);
    },
    end: async (service) => clearFaults(directory, service),
    async held() {
      const status = await readStackStatus(stateDir);
      return status?.processes.filter(({ state }) => state === 'held') ?? [];
    },
    async hold(name, seconds, onHeld) {
      await holdProcess(stateDir, name, seconds);
      onHeld();
    },
    async release(name) {
      await releaseProcess(stateDir, name);
    },
  };
}

const noStack = (stack: StackOptions): SightlineError =>
  new SightlineError('SL1310', {
    what: 'no stack is running',
    where: stack.stateDir,
    fix: `start it: ${stackCommand('start', stack)}`,
  });
