import { directionsOf } from '../../alerts/override-direction.ts';
import { type AlertRule, type AnyAlertRule, ruleId } from '../../alerts/rule.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { mergedReports, type OverrideReport, verdictOnOverride } from './override-verdict.ts';
import { wholeRule } from './trial/candidate.ts';
import { runTrials } from './trial/run.ts';

interface OverrideRun {
  /** What the environment has, its overrides in it. */
  readonly rules: readonly AlertRule[];
  /** The same rules before its overrides. */
  readonly declared: readonly AlertRule[];
  readonly scenarios: readonly Scenario[];
  /** Path of the real promtool. */
  readonly promtool: string;
  readonly signal: AbortSignal;
}

const testsACall = 40;

/** Runs the scenarios of overridden rules on these rules, with the real promtool. */
export async function checkOverrides(run: OverrideRun): Promise<OverrideReport> {
  const overridden = overriddenAmong(run.rules, run.declared).map((tier) => ({
    ...tier,
    scenarios: run.scenarios
      .filter(({ family }) => family === tier.rule.name)
      .map((scenario) => ({
        ...scenario,
        firing: scenario.firing.filter(({ severity }) => severity === tier.rule.severity),
      })),
  }));
  const misses = await runTrials(
    overridden.map(({ id, rule, scenarios }) => ({
      scenarios,
      candidates: [{ ...wholeRule(rule), alert: id }],
    })),
    { promtool: run.promtool, signal: run.signal, testsACall, onProgress: () => undefined },
  );
  return mergedReports(
    overridden.map(({ id, directions, scenarios }) =>
      verdictOnOverride(
        {
          id,
          directions,
          scenarios: scenarios.length,
          firing: scenarios.filter(({ firing }) => firing.length > 0).length,
          writtenIn: 'alerts/scenarios',
        },
        misses
          .filter(({ alert }) => alert === id)
          .map(({ scenario: { given, at }, ...miss }) => ({ ...miss, given, at })),
      ),
    ),
  );
}

/** The rules that an override has changed, and which way. */
export function overriddenAmong<R extends AnyAlertRule>(rules: readonly R[], declared: readonly R[]) {
  const before = new Map(declared.map((rule) => [ruleId(rule), rule]));
  return rules
    .map((rule) => {
      const id = ruleId(rule);
      return { id, rule, directions: directionsOf(rule, before.get(id) ?? rule) };
    })
    .filter(({ directions }) => directions.size > 0);
}
