import { type SloDefinition, slos } from '../../telemetry/contract/slos.ts';
import { thresholdValue } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { burnRateName } from '../slo/alerts.ts';
import { failuresWindow } from '../slo/burn-windows.ts';
import type { PlannedTier, SloPlan } from '../slo/plan.ts';
import { type Samples, type Scenario, subject } from './scenario.ts';
import { recordedSample, type SloSeries } from './slo-samples.ts';

/** Recorded series by name: a value for a minute each. What is left out is a calm service with much to do. */
type Minute = Partial<Readonly<Record<SloSeries, number>>>;

interface Look {
  readonly given: string;
  readonly minute: Minute;
  readonly fires?: PlannedTier['severity'];
  /** What another SLO of the same service does meanwhile. */
  readonly other?: Minute;
}

const plenty = 1_000_000;

/**
 * What the burn-rate alerts of an SLO make of the recorded series, each pair of windows by itself: one timeline, a
 * minute for each look. That the recording rules record what they should is proven in `slo-recorded.ts`.
 */
export function burnScenarios(plan: SloPlan): readonly Scenario[] {
  const looks = plan.tiers.flatMap(looksAt);
  const other = neighbour(plan.slo);
  const samples: Samples = namesOf(plan.tiers).flatMap((name) => [
    recordedSample(
      plan.slo,
      name,
      looks.map(({ minute }) => aMinute(minute[name] ?? calm(name))),
    ),
    recordedSample(
      other,
      name,
      looks.map(({ other: minute = {} }) => aMinute(minute[name] ?? calm(name))),
    ),
  ]);
  return looks.map(({ given, fires }, index) => ({
    family: burnRateName(plan.slo.id),
    given,
    samples,
    at: `${60 * index + 45}s` as Duration,
    firing: fires ? [{ severity: fires, ...subject(plan.slo.service), slo: plan.slo.id }] : [],
  }));
}

function looksAt(tier: PlannedTier): readonly Look[] {
  const { long, short, errorRatio, severity } = tier;
  const [fewest, fewestBad] = [
    thresholdValue('slo_minimum_events'),
    thresholdValue('slo_minimum_bad_events'),
  ];
  const failures = failuresWindow(tier);
  const above = Number((errorRatio * 1.001).toPrecision(8));
  const burning = {
    [`slo:errors:ratio${long}`]: above,
    [`slo:errors:ratio${short}`]: above,
    [`slo:events:count${long}`]: fewest,
    [`slo:bad_events:count${failures}`]: fewestBad,
  };
  const but = (changes: Minute): Minute => ({ ...burning, ...changes });
  const over = `over ${long} and ${short}`;
  return [
    { given: `just too much is bad ${over}, of as few events as count`, minute: burning, fires: severity },
    {
      given: `everything is bad ${over}`,
      minute: but({
        [`slo:errors:ratio${long}`]: 1,
        [`slo:errors:ratio${short}`]: 1,
        [`slo:events:count${long}`]: plenty,
        [`slo:bad_events:count${failures}`]: plenty,
      }),
      fires: severity,
    },
    {
      given: `exactly as much is bad over ${long} as may be`,
      minute: but({ [`slo:errors:ratio${long}`]: errorRatio }),
    },
    {
      given: `exactly as much is bad over ${short} as may be`,
      minute: but({ [`slo:errors:ratio${short}`]: errorRatio }),
    },
    {
      given: `it is over: nothing is bad over ${short} any more`,
      minute: but({ [`slo:errors:ratio${short}`]: 0 }),
    },
    {
      given: `it has just begun: little is bad over ${long}`,
      minute: but({ [`slo:errors:ratio${long}`]: 0 }),
    },
    {
      given: `too few events in ${long} to judge by`,
      minute: but({ [`slo:events:count${long}`]: fewest - 1 }),
    },
    {
      given: `too few bad events in ${failures} to judge by`,
      minute: but({ [`slo:bad_events:count${failures}`]: fewestBad - 0.1 }),
    },
    { given: `another SLO of the service burns ${over}`, minute: {}, other: burning },
  ];
}

const namesOf = (tiers: readonly PlannedTier[]): readonly SloSeries[] => [
  ...new Set(
    tiers.flatMap((tier): readonly SloSeries[] => [
      `slo:errors:ratio${tier.long}`,
      `slo:errors:ratio${tier.short}`,
      `slo:events:count${tier.long}`,
      `slo:bad_events:count${failuresWindow(tier)}`,
    ]),
  ),
];

const calm = (name: SloSeries): number => (name.startsWith('slo:events:') ? plenty : 0);

/** Four scrapes. */
const aMinute = (value: number): string => `${value}x3`;

/** An SLO that is not this one, said to be of the same service. */
const neighbour = ({ id, service }: SloDefinition): Pick<SloDefinition, 'id' | 'service'> => ({
  id: slos.find((slo) => slo.id !== id)?.id ?? 'other',
  service,
});
