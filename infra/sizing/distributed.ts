import { needFor, type Size, size } from '../kubernetes/sizes.ts';
import {
  cacheMemory,
  instancesFor,
  type LokiTargetName,
  lokiTargetNames,
  lokiTargets,
  needOf,
} from '../loki/targets.ts';
import type { Load } from './load.ts';

/** What one target of a distributed Loki needs. */
export interface TargetAdvice extends Size {
  readonly name: LokiTargetName;
  readonly instances: number;
  readonly does: string;
}

/** Requests of Loki in all, in cores and GiB: of one process, and of a distributed one with its caches. */
export function wholeLoki(
  load: Load,
): Readonly<Record<'single' | 'distributed', { readonly cores: number; readonly gibibytes: number }>> {
  const targets = lokiTargetNames.map((name) => {
    const { cores, memory } = needOf(name, load);
    return { cores: cores * instancesFor(name, load), memory: memory * instancesFor(name, load) };
  });
  const caches = cacheMemory(load);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const { cores, memory } = needFor('loki', load);
  return {
    single: { cores, gibibytes: memory / 1024 },
    distributed: {
      cores: sum(targets.map((each) => each.cores)),
      gibibytes: (sum(targets.map((each) => each.memory)) + caches.chunks + caches.results) / 1024,
    },
  };
}

/** Every target for a load, in place of the one process that `loki` is. */
export const adviseOnTargets = (load: Load): readonly TargetAdvice[] =>
  lokiTargetNames.map((name) => ({
    name,
    instances: instancesFor(name, load),
    ...size(needOf(name, load)),
    does: lokiTargets[name].does,
  }));
