import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readableByAll, writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import { clusterEnvironments } from '../../config/names.ts';
import { readEnvironment } from '../../config.ts';
import { dockerEnvironment } from '../../docker/config.ts';
import { dumpDocker, goldenOfDocker } from '../../docker/dump.ts';
import { planDocker } from '../../docker/plan.ts';
import { repositoryRoot } from '../../repository.ts';
import type { Declared } from './declared.ts';
import { dumpProgram } from './dump.ts';
import { goldenOfDump } from './golden.ts';
import { goldensOfStores } from './stores.ts';

/** Where the golden files of the program lie. */
export const goldenFolder = join(repositoryRoot, 'test/golden/kubernetes');

/** The program of one environment, as its golden files show it. */
export interface Shown {
  readonly environment: (typeof clusterEnvironments)[number] | typeof dockerEnvironment;
  readonly declared: readonly Declared[];
  readonly milliseconds: number;
  /** By path below `test/golden/kubernetes`. */
  readonly files: ReadonlyMap<string, string>;
}

/** Dumps every environment, one after the other: side by side they would only take each other's time. */
export async function dumpAll(signal?: AbortSignal): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const environment of clusterEnvironments) {
    const { declared, milliseconds } = await dumpProgram(environment, signal ? { signal } : {});
    shown.push({
      environment,
      milliseconds,
      declared,
      files: new Map([
        ...(await goldenOfDump(environment, declared)),
        ...(environment === 'prod' ? await goldensOfStores() : []),
      ]),
    });
  }
  const plan = planDocker(readEnvironment(dockerEnvironment));
  const { declared, milliseconds } = await dumpDocker(plan, { signal });
  const files = new Map([[`${dockerEnvironment}/program.yaml`, goldenOfDocker({ declared }, plan)]]);
  return [...shown, { environment: dockerEnvironment, declared, milliseconds, files }];
}

/** Writes the golden files in place of those that are there. */
export function writeGoldens(shown: readonly Shown[], folder = goldenFolder): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { files } of shown)
    for (const [path, text] of files) writeFileAtomically(join(folder, path), text, readableByAll);
}
