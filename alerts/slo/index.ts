import { type SloDefinition, slos } from '../../telemetry/contract/slos.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { RecordingGroup } from '../recording.ts';
import type { AlertRule } from '../rule.ts';
import { sloAlerts } from './alerts.ts';
import { planSlo, type SloEnvironment, type SloPlan } from './plan.ts';
import { sloRecordings } from './recordings.ts';

/** What Prometheus evaluates for the SLOs of an environment. */
export interface SloRules {
  readonly plans: readonly SloPlan[];
  readonly recordings: readonly RecordingGroup[];
  readonly alerts: readonly AlertRule[];
}

/** @throws SightlineError SL1531 to SL1537, naming the SLO that cannot be kept an eye on */
export function buildSlos(
  environment: SloEnvironment,
  definitions: readonly SloDefinition[] = slos,
): SloRules {
  refuseSharedIds(definitions);
  const plans = definitions.map((slo) => planSlo(slo, environment));
  return { plans, recordings: sloRecordings(plans), alerts: plans.flatMap(sloAlerts) };
}

function refuseSharedIds(definitions: readonly SloDefinition[]): void {
  const seen = new Set<string>();
  for (const { id } of definitions) {
    if (seen.has(id) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
      throw new SightlineError('SL1537', {
        what: seen.has(id) ? 'two SLOs have this id' : 'its id is not in kebab-case',
        where: `SLO ${id}`,
        fix: 'give each an id of its own in telemetry/contract/slos.ts: <service>-<what>, such as sync-event-latency',
      });
    seen.add(id);
  }
}

/** The SLOs over the period of every environment but production. */
export const everydaySlos = buildSlos({ period: '7d', retention: '15d' });
