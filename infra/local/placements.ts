import { createHash } from 'node:crypto';
import type { Placement } from '../../telemetry/contract/relabelling.ts';
import { namespaces } from '../../telemetry/contract/services.ts';

/** The pod that a local process stands for. Its uid is the same on every start, so that its log file is too. */
export function localPlacement(service: string, kind: 'service' | 'component'): Placement {
  return {
    namespace: kind === 'service' ? namespaces.services : namespaces.stack,
    pod: `${service}-0`,
    uid: uuidOf(service),
    container: service,
    service,
  };
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`sightline/local/${name}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
