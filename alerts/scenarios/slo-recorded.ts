import { type SloDefinition, slos } from '../../telemetry/contract/slos.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { type Samples, sample } from './scenario.ts';
import { measured } from './slo-measured.ts';
import type { SloSeries } from './slo-samples.ts';

/**
 * An SLO from what its service exposes, through the recording rules, to its alerts. Samples come each minute, or as often
 * as rules are evaluated where that is less. Where days must pass, rules are evaluated less often than each five minutes:
 * shares are the same, counts are smaller.
 */
export interface SloProof {
  readonly slo: SloDefinition;
  readonly given: string;
  readonly samples: Samples;
  readonly evaluated: '15s' | '5m' | '1h' | '6h';
  /** Severities of the burn-rate alerts that fire then. */
  readonly burns?: readonly { readonly at: Duration; readonly fire: readonly ('critical' | 'warning')[] }[];
  /** Whether it is said to be blind. */
  readonly blind?: readonly { readonly at: Duration; readonly fires: boolean }[];
  readonly values?: readonly { readonly at: Duration; readonly series: SloSeries; readonly is: number }[];
}

const hour = 60;
const day = 24 * hour;

/** Proofs that hold for every period of an environment. `days` is the period. */
export function sloProofs(days: number): readonly SloProof[] {
  return [...slos.map(fast), ...counted.flatMap((slo) => [slow(slo), calm(slo)]), ...special(days)];
}

/** Of those whose events are counted one slow burn is like another; a health check a minute is too coarse for it. */
const counted = slos.filter(({ id }) =>
  ['backend-api-request-errors', 'backend-api-task-latency', 'sync-event-latency'].includes(id),
);

/** An hour in which nothing is good pages within a quarter of it, and stops to half an hour after it. */
const fast = (slo: SloDefinition): SloProof => ({
  slo,
  given: 'everything is bad for an hour',
  samples: measured(slo, [
    { minutes: 90, good: 100, bad: 0 },
    { minutes: hour, good: 0, bad: 100 },
    { minutes: 2 * hour, good: 100, bad: 0 },
  ]),
  evaluated: '5m',
  burns: [
    { at: '85m', fire: [] },
    ...(slo.objective >= 0.999 ? [{ at: '105m', fire: ['critical', 'warning'] } as const] : []),
    { at: '150m', fire: ['critical', 'warning'] },
    { at: '195m', fire: ['warning'] },
  ],
  values: [
    { at: '145m', series: 'slo:errors:ratio5m', is: 1 },
    { at: '195m', series: 'slo:errors:ratio5m', is: 0 },
  ],
});

/** A little more than the promise allows, for three days: nobody is woken. */
const slow = (slo: SloDefinition): SloProof => ({
  slo,
  given: 'a fifth more is bad than the promise allows',
  samples: measured(slo, [{ minutes: 3 * day + hour, ...shares(slo, 1.2) }]),
  evaluated: '1h',
  burns: [{ at: '3d', fire: ['warning'] }],
  values: [
    { at: '3d', series: 'slo:errors:ratio3d', is: (1 - slo.objective) * 1.2 },
    { at: '3d', series: 'slo:error_budget_remaining:ratio_period', is: -0.2 },
  ],
});

/** Less than the promise allows, and a restart. */
const calm = (slo: SloDefinition): SloProof => ({
  slo,
  given: 'a fifth less is bad than the promise allows, and the service restarts',
  samples: measured(slo, [
    { minutes: day, ...shares(slo, 0.8) },
    { minutes: 2 * day + hour, ...shares(slo, 0.8), restarts: true },
  ]),
  evaluated: '1h',
  burns: [
    { at: '24h', fire: [] },
    { at: '25h', fire: [] },
    { at: '3d', fire: [] },
  ],
  values: [{ at: '3d', series: 'slo:error_budget_remaining:ratio_period', is: 0.2 }],
});

/** Ten thousand events a minute, of which the budget's share times `pace` are bad. */
function shares({ objective }: SloDefinition, pace: number): { readonly good: number; readonly bad: number } {
  const bad = Math.round(10_000 * (1 - objective) * pace);
  return { good: 10_000 - bad, bad };
}

function special(days: number): readonly SloProof[] {
  const slo = slos.find(({ id }) => id === 'backend-api-request-errors');
  const health = slos.find(({ id }) => id === 'backend-api-availability');
  if (!slo || !health) throw new TypeError('the proofs need the SLOs of backend-api');
  const minutes = (days + 2) * day;
  return [
    {
      slo,
      given: `twice the budget’s share of one day is bad, in a period of ${days} days`,
      samples: measured(slo, [
        { minutes: day, ...shares(slo, 2) },
        { minutes: minutes - day, ...shares(slo, 0) },
      ]),
      evaluated: '6h',
      values: [
        { at: '18h', series: 'slo:error_budget_remaining:ratio_period', is: -1 },
        { at: '18h', series: 'slo:attainment:ratio_period', is: 0.998 },
        { at: `${days}d`, series: 'slo:error_budget_remaining:ratio_period', is: 1 - 2 / days },
        { at: `${days + 1}d`, series: 'slo:error_budget_remaining:ratio_period', is: 1 },
      ],
    },
    {
      slo,
      given: 'five requests come in an hour, and all fail',
      samples: measured(
        slo,
        Array.from({ length: 25 * 5 }, () => [
          { minutes: 1, good: 0, bad: 1 },
          { minutes: 11, good: 0, bad: 0 },
        ]).flat(),
      ),
      evaluated: '5m',
      burns: [
        { at: '6h', fire: [] },
        { at: '1d', fire: ['warning'] },
      ],
    },
    {
      slo,
      given: 'its metric vanishes',
      samples: [
        ...measured(slo, [{ minutes: hour, good: 100, bad: 0 }]),
        ...measured(health, [{ minutes: 2 * hour, good: 100, bad: 0 }]),
        sample(slo.service, 'up', {}, '0x120', 'second:1'),
      ],
      evaluated: '5m',
      blind: [
        { at: '30m', fires: false },
        { at: '70m', fires: false },
        { at: '80m', fires: true },
      ],
    },
    {
      slo,
      given: 'nobody asks for anything, but the service is scraped',
      samples: measured(slo, [{ minutes: hour, good: 0, bad: 0 }]),
      evaluated: '5m',
      burns: [{ at: '55m', fire: [] }],
      values: [{ at: '55m', series: 'slo:events:count1h', is: 0 }],
    },
    {
      slo: health,
      given: 'the service is restarted, and an hour later it stops answering: its fifth failed scrape pages',
      samples: [
        sample(health.service, 'up', {}, '1x79 0x2 1x236 0x20'),
        sample(health.service, 'health_check_status', { check: 'process' }, '1x79 _x3 1x236 _x20'),
      ],
      evaluated: '15s',
      burns: [
        { at: '21m', fire: [] },
        { at: '25m', fire: [] },
        { at: '4845s', fire: [] },
        { at: '4860s', fire: ['critical'] },
      ],
    },
    {
      slo: health,
      given: 'the service answers, and so does the sidecar beside it, which has no checks',
      samples: [
        sample(health.service, 'up', {}, '1x120'),
        sample(health.service, 'up', { container: 'daprd' }, '1x120', 'sidecar:1'),
        sample(health.service, 'health_check_status', { check: 'process' }, '1x120'),
      ],
      evaluated: '5m',
      burns: [{ at: '60m', fire: [] }],
      values: [
        { at: '60m', series: 'slo:events:count5m', is: 5 },
        { at: '60m', series: 'slo:bad_events:count5m', is: 0 },
      ],
    },
    {
      slo: health,
      given: 'the service does not answer for a quarter of an hour',
      samples: [
        sample(health.service, 'up', {}, '1x59 0x14 1x60'),
        sample(health.service, 'health_check_status', { check: 'process' }, '1x59 _x15 1x60'),
      ],
      evaluated: '5m',
      burns: [
        { at: '55m', fire: [] },
        { at: '75m', fire: ['critical', 'warning'] },
      ],
      values: [
        { at: '70m', series: 'slo:events:count5m', is: 5 },
        { at: '70m', series: 'slo:bad_events:count5m', is: 5 },
        { at: '70m', series: 'slo:errors:ratio5m', is: 1 },
      ],
    },
  ];
}
