import { existsSync } from 'node:fs';
import type { ProcessSpec } from '../process-spec.ts';

/** What has to run to its end before the process itself; undefined where that was done, or there is nothing. */
export function preparationOf(spec: ProcessSpec): ProcessSpec | undefined {
  if (!('tool' in spec.run) || spec.run.prepare === undefined) return undefined;
  const { tool, prepare } = spec.run;
  return existsSync(prepare.unless) ? undefined : { ...spec, run: { tool, args: prepare.args } };
}
