import { type FaultKind, faultKindNames, faultKinds } from '../../services/kit/faults/kinds.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Expectation } from './expectation.ts';
import { serviceFaults } from './service-faults.ts';
import { stops } from './stops.ts';

/** One thing that is made to go wrong, and what must come of it. */
export type Drill = { readonly name: string; readonly expectation: Expectation } & (
  | { readonly service: ServiceName; readonly kind: FaultKind }
  | { readonly process: string; readonly kind: 'stop' }
);

const faultDrills: readonly Drill[] = faultKindNames.flatMap((kind) =>
  faultKinds[kind].services.map((service) => ({
    name: `${service}:${kind}`,
    service,
    kind,
    expectation: serviceFaults[kind](service),
  })),
);

const stopDrills: readonly Drill[] = Object.entries(stops).flatMap(([process, expected]) =>
  'unwatched' in expected
    ? []
    : [{ name: `${process}:stop`, process, kind: 'stop' as const, expectation: expected }],
);

/** Every fault that there is, those of the services first. */
export const drills: readonly Drill[] = [...faultDrills, ...stopDrills];

/**
 * Those that `only` names, each by kind (`errors`) or by process and kind (`audit:errors`); all of them when it is empty.
 * @throws SightlineError SL1007 when a name stands for none
 */
export function chooseDrills(only: readonly string[]): readonly Drill[] {
  const means = (name: string) => (drill: Drill) => drill.name === name || drill.kind === name;
  const unknown = only.find((name) => !drills.some(means(name)));
  if (unknown !== undefined)
    throw new SightlineError('SL1007', {
      what: `there is no fault "${unknown}"`,
      where: '--only',
      fix: `name a kind (${[...faultKindNames, 'stop'].join(', ')}), or a process and a kind: audit:errors, loki:stop`,
    });
  return only.length === 0 ? drills : drills.filter((drill) => only.some((name) => means(name)(drill)));
}
