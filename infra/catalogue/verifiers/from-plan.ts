import { join } from 'node:path';
import { writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import { freePortOffset } from '../../local/pick-ports.ts';
import { planLocal } from '../../local/plan.ts';
import { type LocalPorts, localPorts } from '../../local/ports.ts';
import { folder, type Workbench } from '../workbench.ts';

/** Shortens scraping, rules and grouping, as in the end-to-end tests. */
const timeScale = 10;

/** The address of a port on this machine. */
export const at = (port: number, path = ''): string => `http://127.0.0.1:${port}${path}`;

/**
 * Starts processes of the local stack, by name, with the configuration that this repository generates: what they
 * expose depends on it. `adapt` changes their arguments.
 */
export async function startFromPlan(
  bench: Workbench,
  names: readonly string[],
  adapt: (args: readonly string[]) => readonly string[] = (args) => args,
): Promise<LocalPorts> {
  const portOffset = await freePortOffset();
  const stateDir = bench.directory;
  const plan = await planLocal({ portOffset, stateDir, env: {}, timeScale, traffic: false, inboxOnly: true });
  for (const [path, content] of plan.files) writeFileAtomically(join(stateDir, path), content);
  for (const { name, run, env } of plan.processes) {
    if (!names.includes(name) || !('tool' in run)) continue;
    await folder(bench, `data/${name}`);
    bench.start(run.tool, adapt(run.args), env);
  }
  return localPorts(portOffset);
}
