import { checkRules, type Rules } from '../../alerts/checks/index.ts';
import type { CheckContext, CheckProblem } from '../../alerts/checks/support/check.ts';
import { readRunbooks } from '../../alerts/runbooks.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { alertsOf, type EnvironmentStack } from '../stack.ts';

/** Everything of an environment that checks of rules look at. */
export function rulesOf(stack: EnvironmentStack): Rules {
  return {
    // Also what is off for now: it comes back, and its runbook must still be there.
    alerts: [...alertsOf(stack), ...stack.off],
    recordings: stack.recordings.flatMap(({ rules }) => rules),
  };
}

/** What the checks say of an environment's rules. */
export async function checkRulesOf(stack: EnvironmentStack): Promise<readonly CheckProblem[]> {
  const context: CheckContext = {
    runbooks: await readRunbooks(),
    today: stack.today,
    scrapeIntervalMs: durationMs(stack.config.scrapeInterval) ?? 0,
    // Add severities here once every alert of theirs has a dashboard that draws its evidence.
    dashboardFor: [],
  };
  return checkRules(rulesOf(stack), context);
}
