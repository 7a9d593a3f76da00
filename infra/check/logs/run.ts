import { withBoundaryMoved } from '../../../alerts/log-boundary.ts';
import { judge, judgeThreshold, type LogScenarioResult } from '../../../alerts/log-scenarios/judge.ts';
import type { LogScenario } from '../../../alerts/log-scenarios/scenario.ts';
import { soundForm } from '../../../alerts/mutants/operator.ts';
import type { LogAlertRule } from '../../../alerts/rule.ts';
import type { EnvironmentStack } from '../../stack.ts';
import { firing, inParallel, type StagedScenario, stage } from './evaluate.ts';
import { type EmptyLoki, withLoki } from './loki.ts';

export interface LogScenarioRun {
  /** Path of the real Loki. */
  readonly loki: string;
  readonly stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>;
  readonly rules: readonly LogAlertRule[];
  readonly scenarios: readonly LogScenario[];
  readonly signal: AbortSignal;
}

/**
 * Pushes the lines of every scenario into one real Loki, a tenant each, and evaluates the family's rules over them.
 * A rule fires where its expression, as it is deployed, has the same result at each of the ruler's evaluations for as
 * long as `for` says, up to the moment of the scenario. Gives one result a rule and scenario, in the order of the
 * scenarios. Throws SL1806 when Loki does not do its work, a query that it refuses included.
 */
export function runLogScenarios(run: LogScenarioRun): Promise<readonly LogScenarioResult[]> {
  return withLoki(run.loki, run.stack, run.signal, async (loki) => {
    const staged = await stage(loki, run.scenarios);
    const trials = staged.flatMap((scenario) =>
      run.rules
        .filter(({ name }) => name === scenario.scenario.family)
        .map((rule) => ({ rule, staged: scenario })),
    );
    return inParallel(trials, (trial) => tried(loki, trial.rule, trial.staged));
  });
}

async function tried(
  loki: EmptyLoki,
  rule: LogAlertRule,
  staged: StagedScenario,
): Promise<LogScenarioResult> {
  const form = soundForm(rule);
  const fired = await firing(loki, staged, form);
  if (staged.scenario.kind !== 'threshold') return judge(rule, staged.scenario, fired);
  const beyond = await firing(loki, staged, { ...form, expr: withBoundaryMoved(form.expr) });
  return judgeThreshold(rule, staged.scenario, fired, beyond);
}
