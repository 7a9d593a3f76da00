import { judge } from '../../../alerts/log-scenarios/judge.ts';
import type { LogMutant } from '../../../alerts/mutants/log-mutants.ts';
import { type Breakable, soundForm } from '../../../alerts/mutants/operator.ts';
import type { Outcome } from '../../../alerts/mutants/verdict.ts';
import { type LogAlertRule, ruleId } from '../../../alerts/rule.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import { firing, inParallel, type StagedScenario, stage } from './evaluate.ts';
import { type EmptyLoki, withLoki } from './loki.ts';
import type { LogScenarioRun } from './run.ts';

interface LogMutantRun extends Omit<LogScenarioRun, 'rules'> {
  readonly mutants: readonly LogMutant[];
  /** Mutants judged so far. */
  readonly onProgress?: (judged: number) => void;
}

/**
 * Lets a real Loki run the scenarios of each log rule on its mutants. Throws SL1515 when a scenario fails on a rule
 * that is whole (every mutant would seem killed), SL1806 when Loki refuses a mutant's query.
 */
export function judgeLogMutants(run: LogMutantRun): Promise<readonly Outcome[]> {
  return withLoki(run.loki, run.stack, run.signal, async (loki) => {
    const families = new Set(run.mutants.map(({ rule }) => rule.name));
    const staged = await stage(
      loki,
      run.scenarios.filter(({ family }) => families.has(family)),
    );
    const ofRule = (rule: LogAlertRule) => staged.filter(({ scenario }) => scenario.family === rule.name);
    await inParallel([...new Set(run.mutants.map(({ rule }) => rule))], async (rule) => {
      const noticed = await firstNoticing(loki, rule, soundForm(rule), ofRule(rule));
      if (noticed) throw failsWhole(rule, noticed);
    });
    let judged = 0;
    return inParallel(run.mutants, async (mutant) => {
      const noticed = await firstNoticing(loki, mutant.rule, mutant.broken, ofRule(mutant.rule));
      judged += 1;
      run.onProgress?.(judged);
      return { mutant, killed: noticed !== undefined };
    });
  });
}

/** The first scenario in which the rule, in this form, does not do what it should. */
async function firstNoticing(
  loki: EmptyLoki,
  rule: LogAlertRule,
  form: Breakable,
  scenarios: readonly StagedScenario[],
): Promise<StagedScenario | undefined> {
  for (const staged of scenarios) {
    const { passed } = judge(rule, staged.scenario, await firing(loki, staged, form));
    if (!passed) return staged;
  }
  return undefined;
}

const failsWhole = (rule: LogAlertRule, { scenario }: StagedScenario): SightlineError =>
  new SightlineError('SL1515', {
    what: `a scenario fails on the rule as it is: ${scenario.given}`,
    where: `alert ${ruleId(rule)}`,
    fix: 'run `npm run check`, and mend the rule or its scenario first',
  });
