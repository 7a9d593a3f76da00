import pc from 'picocolors';
import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import { allLogRules } from '../../alerts/rules/index.ts';
import { checkLogScenarios, type LogScenarioReport } from '../../infra/check/logs/prove.ts';
import { environmentStack } from '../../infra/environment.ts';
import { findTool } from '../promtool.ts';

/** Runs the scenarios of every log rule in a real Loki; like metric rules, at the thresholds of the contract. */
export async function proveLogRules(signal: AbortSignal): Promise<LogScenarioReport> {
  return checkLogScenarios({
    loki: await findTool('loki', signal),
    stack: environmentStack('local'),
    rules: allLogRules,
    scenarios: allLogScenarios,
    signal,
  });
}

/** What the scenarios show, in one line. */
export function logProofLine({ rules, results }: LogScenarioReport): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const summary = `${rules} log rules; ${results.length} scenarios in Loki, ${failed === 0 ? 'all as they say' : `${failed} not as they say`}`;
  return failed === 0 ? pc.green(summary) : pc.red(summary);
}
