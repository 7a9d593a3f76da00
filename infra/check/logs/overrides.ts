import { differenceIn } from '../../../alerts/log-scenarios/judge.ts';
import { soundForm } from '../../../alerts/mutants/operator.ts';
import { overriddenAmong } from '../override-scenarios.ts';
import { mergedReports, type OverrideReport, verdictOnOverride } from '../override-verdict.ts';
import { firing, inParallel, stage } from './evaluate.ts';
import { withLoki } from './loki.ts';
import type { LogScenarioRun } from './run.ts';

interface LogOverrideRun extends LogScenarioRun {
  /** The same rules before the environment’s overrides. */
  readonly declared: LogScenarioRun['rules'];
}

/** Runs the scenarios of overridden log rules on these rules in a real Loki, which only starts when there are any. */
export async function checkLogOverrides(run: LogOverrideRun): Promise<OverrideReport> {
  const overridden = overriddenAmong(run.rules, run.declared);
  if (overridden.length === 0) return mergedReports([]);
  const families = new Set(overridden.map(({ rule }) => rule.name));
  const scenarios = run.scenarios.filter(({ family }) => families.has(family));
  return withLoki(run.loki, run.stack, run.signal, async (loki) => {
    const staged = await stage(loki, scenarios);
    const reports = overridden.map(async ({ id, rule, directions }) => {
      const own = staged.filter(({ scenario }) => scenario.family === rule.name);
      const form = soundForm(rule);
      const differences = await inParallel(own, async (each) =>
        differenceIn(rule, each.scenario, await firing(loki, each, form)),
      );
      return verdictOnOverride(
        {
          id,
          directions,
          scenarios: own.length,
          firing: own.filter(({ scenario }) =>
            scenario.firing.some(({ severity }) => severity === rule.severity),
          ).length,
          writtenIn: 'alerts/log-scenarios',
        },
        differences.filter((difference) => difference !== undefined),
      );
    });
    return mergedReports(await Promise.all(reports));
  });
}
