import { uncoveredLogRules } from '../../../alerts/log-scenarios/coverage.ts';
import type { LogScenarioResult } from '../../../alerts/log-scenarios/judge.ts';
import type { Problem } from '../../../telemetry/errors.ts';
import { type LogScenarioRun, runLogScenarios } from './run.ts';

/** What the scenarios show of the rules about lines. */
export interface LogScenarioReport {
  readonly rules: number;
  readonly results: readonly LogScenarioResult[];
  readonly problems: readonly Problem[];
}

/** Runs every scenario of log rules in a real Loki, and says which rules lack those of their kind. */
export async function checkLogScenarios(run: LogScenarioRun): Promise<LogScenarioReport> {
  const results = await runLogScenarios(run);
  return {
    rules: run.rules.length,
    results,
    problems: [
      ...uncoveredLogRules(run.scenarios, run.rules).map((what) => ({
        code: 'SL1516' as const,
        what,
        where: 'alerts/log-scenarios',
        fix: 'name a rule of alerts/rules/logs*.ts, and give each the cases that `logProofOf` asks for',
      })),
      ...results
        .filter(({ passed }) => !passed)
        .map(({ rule, scenario, message }) => ({
          code: 'SL1517' as const,
          what: `${scenario}, ${message}`,
          where: `alert ${rule}`,
          fix: 'mend the rule in alerts/rules, or its scenario in alerts/log-scenarios',
        })),
    ],
  };
}
