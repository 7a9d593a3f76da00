import { type FaultKind, faultKindNames, faultKinds } from '../../services/kit/faults/kinds.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Extra } from '../local/extras.ts';
import type { Expectation } from './expectation.ts';
import { extraStops } from './extra-stops.ts';
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

const stopDrill = (process: string, expectation: Expectation): Drill => ({
  name: `${process}:stop`,
  process,
  kind: 'stop',
  expectation,
});

const stopDrills: readonly Drill[] = Object.entries(stops).flatMap(([process, expected]) =>
  'unwatched' in expected ? [] : [stopDrill(process, expected)],
);

/** Every fault that there is, those of the services first. */
export const drills: readonly Drill[] = [...faultDrills, ...stopDrills];

/** The same on a stack that runs with these extras. */
export const drillsWith = (extras: readonly Extra[]): readonly Drill[] => [
  ...drills,
  ...Object.entries(extraStops(extras)).map(([process, expected]) => stopDrill(process, expected)),
];

/**
 * Those that `only` names, each by kind (`errors`) or by process and kind (`audit:errors`); all of them when it is empty.
 * @param extras what the stack runs beside the usual
 * @throws SightlineError SL1007 when a name stands for none
 */
export function chooseDrills(only: readonly string[], extras: readonly Extra[] = []): readonly Drill[] {
  const all = drillsWith(extras);
  const means = (name: string) => (drill: Drill) => drill.name === name || drill.kind === name;
  const unknown = only.find((name) => !all.some(means(name)));
  if (unknown !== undefined)
    throw new SightlineError('SL1007', {
      what: `there is no fault "${unknown}"`,
      where: '--only',
      fix: `name a kind (${[...faultKindNames, 'stop'].join(', ')}), or a process and a kind: audit:errors, loki:stop`,
    });
  return only.length === 0 ? all : all.filter((drill) => only.some((name) => means(name)(drill)));
}
