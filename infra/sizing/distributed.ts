import { type Size, size } from '../kubernetes/sizes.ts';
import { instancesFor, type LokiTargetName, lokiTargetNames, lokiTargets, needOf } from '../loki/targets.ts';
import type { Load } from './load.ts';

/** What one target of a distributed Loki needs. */
export interface TargetAdvice extends Size {
  readonly name: LokiTargetName;
  readonly instances: number;
  readonly does: string;
}

/** Every target for a load, in place of the one process that `loki` is. */
export const adviseOnTargets = (load: Load): readonly TargetAdvice[] =>
  lokiTargetNames.map((name) => ({
    name,
    instances: instancesFor(name, load),
    ...size(needOf(name, load)),
    does: lokiTargets[name].does,
  }));
