import { sloLabels } from '../../telemetry/contract/recorded.ts';
import { computed, type PromqlQuery, promql, series, threshold } from '../../telemetry/query/query.ts';
import type { AlertRule } from '../rule.ts';
import { failureLogs } from '../rules/common.ts';
import { slos } from '../rules/dashboards.ts';
import { anyOf } from '../rules/up.ts';
import { failuresWindow } from './burn-windows.ts';
import type { PlannedTier, SloPlan } from './plan.ts';

/** Name of the family of burn-rate alerts: `backend-api-availability` gives BackendApiAvailabilityBurnRate. */
export const burnRateName = (id: string): string => `${pascalCase(id)}BurnRate`;

/** Name of the alert that an SLO measures nothing. */
export const blindName = (id: string): string => `${pascalCase(id)}Blind`;

const pascalCase = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const runbooks = {
  health: 'slo-availability-burn-rate',
  ratio: 'slo-errors-burn-rate',
  latency: 'slo-latency-burn-rate',
} as const satisfies Record<SloPlan['slo']['indicator']['kind'], string>;

const where = '{{ $labels.service }} ({{ $labels.namespace }}, {{ $labels.environment }})';

/** The alerts of one SLO: its error budget is spent fast, or slowly but surely, or nothing is measured. */
export function sloAlerts(plan: SloPlan): readonly AlertRule[] {
  const { slo, period, tiers } = plan;
  const tiersOf = (severity: PlannedTier['severity']): readonly PlannedTier[] =>
    tiers.filter((tier) => tier.severity === severity);
  const promise = `${percent(slo.objective)} in ${period} (${slo.id}: ${lowerFirst(slo.description)})`;
  const burning = {
    name: burnRateName(slo.id),
    by: sloLabels,
    runbook: runbooks[slo.indicator.kind],
    dashboard: slos,
    logs: failureLogs,
  } as const;
  return [
    {
      ...burning,
      severity: 'critical',
      earned: {
        as: 'fast SLO burn',
        because: `${spending(tiersOf('critical'))} of the error budget of ${period}`,
      },
      expr: anyOf(tiersOf('critical').map((tier) => burns(slo.id, tier))),
      summary: `{{ $labels.service }} spends its error budget fast: {{ $value | humanizePercentage }} bad (${slo.id})`,
      description: `${where} promises ${promise}, and {{ $value | humanizePercentage }} of the events are bad: ${spending(tiersOf('critical'))} of the error budget.`,
    },
    {
      ...burning,
      severity: 'warning',
      expr: anyOf(tiersOf('warning').map((tier) => burns(slo.id, tier))),
      summary: `{{ $labels.service }} will not keep its promise: {{ $value | humanizePercentage }} bad (${slo.id})`,
      description: `${where} promises ${promise}, and {{ $value | humanizePercentage }} of the events are bad: ${spending(tiersOf('warning'))} of the error budget.`,
    },
    {
      name: blindName(slo.id),
      severity: 'warning',
      expr: blind(slo.id),
      for: {
        duration: '10m',
        because: 'a restart or a deployment takes less, and then it is measured again',
      },
      by: sloLabels,
      summary: `Nothing is known of ${slo.id}: its series are gone`,
      description: `${where} was measured for the SLO ${slo.id} within the last day, and is not now, though its scrapes do not fail: metric, label or target is gone, and the burn-rate alerts of this SLO cannot fire.`,
      runbook: 'slo-blind',
      dashboard: slos,
      logs: failureLogs,
    },
  ];
}

/** Both windows, and not by a handful of events. The value of the alert is the share over the long window. */
function burns(slo: string, tier: PlannedTier): PromqlQuery {
  const { long, short, factor, errorRatio } = tier;
  const limit = computed(errorRatio, `burn rate ${factor} × (1 − objective of ${slo})`);
  return promql`(
    ${series(`slo:errors:ratio${long}`, { slo })} > ${limit}
    and ${series(`slo:errors:ratio${short}`, { slo })} > ${limit}
    and ${series(`slo:events:count${long}`, { slo })} >= ${threshold('slo_minimum_events')}
    and ${series(`slo:bad_events:count${failuresWindow(tier)}`, { slo })} >= ${threshold('slo_minimum_bad_events')})`;
}

/**
 * What was measured within a day and is not now. Quiet when the stack starts, for there is nothing it could miss, and
 * while every scrape of the service fails, for then ServiceDown says so.
 */
function blind(slo: string): PromqlQuery {
  const counted = series('slo:events:count5m', { slo });
  return promql`
    last_over_time(${counted}[1d]) unless ${counted}
    unless on (cluster, environment, namespace, service) (${series('service:up:max')} == 0)`;
}

const spending = (tiers: readonly PlannedTier[]): string =>
  tiers.map(({ share, long }) => `${percent(share)} in ${long}`).join(' or ');

/** Three digits of what is a share: 0.999 is 99.9 %, 3/7 is 42.9 %. Without `Intl`, which takes 20 ms to load. */
export function percent(share: number): string {
  const exact = Number((share * 100).toPrecision(6));
  return `${share > 0.99 ? exact : Number(exact.toPrecision(3))} %`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
