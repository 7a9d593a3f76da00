import { type CheckResult, type Rules, runChecks } from '../../alerts/checks/index.ts';
import type { CheckContext, CheckProblem } from '../../alerts/checks/support/check.ts';
import { readRunbooks } from '../../alerts/runbooks.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { alertsOf, type EnvironmentStack } from '../stack.ts';

/** Everything of an environment that checks of rules look at. */
function rulesOf(stack: EnvironmentStack): Rules {
  return {
    // Also what is off for now: it comes back, and its runbook must still be there.
    alerts: [...alertsOf(stack), ...stack.off],
    recordings: stack.recordings.flatMap(({ rules }) => rules),
  };
}

interface CheckRun {
  readonly results: readonly CheckResult[];
  /** Alerts and recordings that were looked at. */
  readonly rules: number;
  readonly milliseconds: number;
  /** Of this process: what a busy machine does not change. */
  readonly processorMilliseconds: number;
}

/** Runs the checks over an environment's rules. */
export async function runChecksOf(stack: EnvironmentStack): Promise<CheckRun> {
  const context: CheckContext = {
    runbooks: await readRunbooks(),
    today: stack.today,
    scrapeIntervalMs: durationMs(stack.config.scrapeInterval) ?? 0,
  };
  const rules = rulesOf(stack);
  const started = performance.now();
  const before = process.cpuUsage();
  const results = runChecks(rules, context);
  const used = process.cpuUsage(before);
  return {
    results,
    rules: rules.alerts.length + rules.recordings.length,
    milliseconds: performance.now() - started,
    processorMilliseconds: (used.user + used.system) / 1000,
  };
}

/** What the checks say of an environment's rules. */
export const checkRulesOf = async (stack: EnvironmentStack): Promise<readonly CheckProblem[]> =>
  (await runChecksOf(stack)).results.flatMap(({ problems }) => problems);
