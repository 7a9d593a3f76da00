import { durationMs } from '../../telemetry/query/scale-time.ts';
import { ruleId } from '../rule.ts';
import { sloAlerts } from './alerts.ts';
import type { PlannedTier, SloPlan } from './plan.ts';

/** What people ask about an SLO, in figures. */
export interface SloSummary {
  readonly id: string;
  readonly service: string;
  readonly description: string;
  /** Share of good events, above 0 and under 1. */
  readonly objective: number;
  /** What is measured, in words. */
  readonly indicator: string;
  readonly period: string;
  /** Minutes of the period in which everything may be bad: (1 − objective) × period. */
  readonly budgetMinutes: number;
  readonly tiers: readonly PlannedTier[];
  /** Ids of its alerts. */
  readonly alerts: readonly string[];
}

export function summaryOf(plan: SloPlan): SloSummary {
  const { slo, period, tiers } = plan;
  const periodMinutes = (durationMs(period) ?? 0) / 60_000;
  return {
    id: slo.id,
    service: slo.service,
    description: slo.description,
    objective: slo.objective,
    indicator: measuredAs(slo.indicator),
    period,
    budgetMinutes: Number(((1 - slo.objective) * periodMinutes).toPrecision(6)),
    tiers,
    alerts: sloAlerts(plan).map(ruleId),
  };
}

function measuredAs(indicator: SloPlan['slo']['indicator']): string {
  switch (indicator.kind) {
    case 'health':
      return 'scrapes that are answered and find every health check passing';
    case 'ratio':
      return `growth of \`${indicator.total.name}\`, less that of the bad ones`;
    case 'latency':
      return `\`${indicator.histogram}\` within ${indicator.threshold} s`;
  }
}
