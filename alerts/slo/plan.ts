import { metrics } from '../../telemetry/contract/metrics.ts';
import type { Indicator, SloDefinition } from '../../telemetry/contract/slos.ts';
import type { MetricDefinition } from '../../telemetry/contract/types.ts';
import { type ErrorCode, SightlineError } from '../../telemetry/errors.ts';
import { type Duration, durationMs } from '../../telemetry/query/scale-time.ts';
import { type BurnTier, burnTiers } from './burn-windows.ts';

/** What an environment decides about SLOs. */
export interface SloEnvironment {
  /** The time that error budgets are counted over. */
  readonly period: Duration;
  /** How long Prometheus keeps samples. */
  readonly retention: Duration;
}

/** An SLO that can be kept an eye on: its windows, and the share of bad events that alerts in each. */
export interface SloPlan {
  readonly slo: SloDefinition;
  readonly period: Duration;
  readonly tiers: readonly PlannedTier[];
}

export interface PlannedTier extends BurnTier {
  /** Share of bad events that both windows must exceed: factor × (1 − objective). */
  readonly errorRatio: number;
}

const dayMs = 86_400_000;
/** Samples older than the period, so that its first day is complete while blocks are being deleted. */
const spareDays = 2;

/** @throws SightlineError SL1531 to SL1537: what about the SLO could not be measured, or could never alert */
export function planSlo(slo: SloDefinition, { period, retention }: SloEnvironment): SloPlan {
  const refuse = (code: ErrorCode, what: string, fix: string): never => {
    throw new SightlineError(code, { what, where: `SLO ${slo.id}`, fix });
  };
  const contract = 'telemetry/contract/slos.ts';
  if (!(slo.objective > 0 && slo.objective < 1))
    refuse('SL1531', `its objective is ${slo.objective}`, `write a share above 0 and under 1 in ${contract}`);
  const [periodMs, retentionMs] = [period, retention].map((text) => durationMs(text) ?? Number.NaN);
  if (!(periodMs !== undefined && retentionMs !== undefined && periodMs + spareDays * dayMs <= retentionMs))
    refuse(
      'SL1533',
      `its period of ${period} needs samples of ${spareDays} more days, and Prometheus keeps them for ${retention}`,
      'shorten slo.window, or lengthen prometheus.retentionTime, in infra/environments',
    );
  const complaint = indicatorComplaint(slo.service, slo.indicator);
  if (complaint) refuse(complaint.code, complaint.what, `${complaint.fix} in ${contract}`);
  const tiers = burnTiers(periodMs ?? 0).map((tier) => ({
    ...tier,
    errorRatio: Number((tier.factor * (1 - slo.objective)).toPrecision(6)),
  }));
  if (new Set(tiers.map(({ severity }) => severity)).size < 2)
    refuse(
      'SL1535',
      `into its period of ${period} fit only ${tiers.length} of the pairs of windows, none of them for a ${tiers.some(({ severity }) => severity === 'critical') ? 'warning' : 'page'}`,
      'lengthen slo.window in infra/environments to 2d or more',
    );
  const impossible = tiers.find(({ errorRatio }) => errorRatio >= 1);
  if (impossible)
    refuse(
      'SL1532',
      `over ${impossible.long} it would alert when ${impossible.factor} × ${Number((1 - slo.objective).toPrecision(6))} of the events are bad, which is all of them or more`,
      `raise the objective above ${Number((1 - 1 / impossible.factor).toPrecision(4))} in ${contract}`,
    );
  return { slo, period, tiers };
}

interface Complaint {
  readonly code: ErrorCode;
  readonly what: string;
  readonly fix: string;
}

function indicatorComplaint(service: string, indicator: Indicator): Complaint | undefined {
  if (indicator.kind === 'health') return undefined;
  if (indicator.kind === 'ratio')
    return [indicator.total.name, indicator.bad.name]
      .map((name) => foreign(service, name, name.replace(/_count$/, '')))
      .find((complaint) => complaint !== undefined);
  const { buckets = [] }: MetricDefinition<string, string> = metrics[indicator.histogram];
  const bounds: readonly number[] = buckets;
  return bounds.includes(indicator.threshold)
    ? foreign(service, indicator.histogram, indicator.histogram)
    : {
        code: 'SL1534',
        what: `its threshold of ${indicator.threshold} s is no bucket bound of ${indicator.histogram}`,
        fix: `use one of ${bounds.join(', ')}`,
      };
}

/** Whether the service emits the metric, and its series only ever grow. */
function foreign(service: string, series: string, metric: string): Complaint | undefined {
  const table: Readonly<Record<string, MetricDefinition<string, string>>> = metrics;
  const definition = table[series]?.type === 'counter' ? table[series] : table[metric];
  const grows = definition?.type === 'histogram' || definition?.type === 'counter';
  return grows && definition.services.includes(service)
    ? undefined
    : {
        code: 'SL1536',
        what: `${series} is ${grows ? `not emitted by ${service}` : 'no counter of the contract'}`,
        fix: 'count with a counter, or with the _count of a histogram, that the service emits',
      };
}
