import type { Mutant } from '../../alerts/mutants/index.ts';
import type { Outcome } from '../../alerts/mutants/verdict.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { type Candidate, type Trial, wholeRule } from './trial/candidate.ts';
import { type Miss, runTrials } from './trial/run.ts';

interface MutantRun {
  readonly mutants: readonly Mutant[];
  readonly scenarios: readonly Scenario[];
  /** Path of the real promtool. */
  readonly promtool: string;
  /** Ends what runs and removes its files. */
  readonly signal: AbortSignal;
  /** Mutants killed so far, and scenarios still to be run. */
  readonly onProgress: (killed: number, open: number) => void;
}

/** A mutant that the first scenarios kill need not meet the others: they come in portions of so many. */
const testsACall = 6;

/**
 * Lets the real promtool run the scenarios of each rule on its mutants. Throws SL1515 when scenarios fail on a rule
 * that is whole (every mutant would seem killed), or promtool does not do its work.
 */
export async function judgeMutants(run: MutantRun): Promise<readonly Outcome[]> {
  const trials = trialsOf(run.mutants, run.scenarios);
  const byAlert = new Map(trials.flatMap(({ mutants }) => [...mutants]));
  const killedIn = (misses: readonly Miss[]): ReadonlySet<Mutant | undefined> =>
    new Set(misses.map(({ alert }) => byAlert.get(alert)));
  const misses = await runTrials(trials, {
    promtool: run.promtool,
    signal: run.signal,
    testsACall,
    onProgress: (soFar, open) => {
      refuseMissesOfWholeRules(soFar, trials);
      run.onProgress(killedIn(soFar).size, open);
    },
  });
  const killed = killedIn(misses);
  return run.mutants.map((mutant) => ({ mutant, killed: killed.has(mutant) }));
}

interface MutantTrial extends Trial {
  /** By the name under which they are loaded. */
  readonly mutants: ReadonlyMap<string, Mutant>;
}

/** One for each family: its tiers as they are, and beside them every mutant, all over the same samples. */
function trialsOf(mutants: readonly Mutant[], scenarios: readonly Scenario[]): readonly MutantTrial[] {
  return [...Map.groupBy(mutants, ({ rule }) => rule.name)].map(([family, own]) => {
    const named = new Map(own.map((mutant, index) => [`${family}#${index}`, mutant]));
    return {
      mutants: named,
      scenarios: scenarios.filter((scenario) => scenario.family === family),
      candidates: [
        ...new Set(own.map(({ rule }) => rule)).values().map(asItIs),
        ...named
          .entries()
          .map(([alert, { rule, broken }]) => ({ alert, rule, form: broken, bare: true, onlyOnce: true })),
      ],
    };
  });
}

/** Each tier under a name of its own: a tier whose mutants are not asked for is not loaded. */
const asItIs = (rule: AlertRule): Candidate => ({ ...wholeRule(rule), alert: ruleId(rule) });

function refuseMissesOfWholeRules(misses: readonly Miss[], trials: readonly MutantTrial[]): void {
  const rules = new Set(
    trials.flatMap(({ candidates, mutants }) =>
      candidates.map(({ alert }) => alert).filter((alert) => !mutants.has(alert)),
    ),
  );
  const miss = misses.find(({ alert }) => rules.has(alert));
  if (!miss) return;
  throw new SightlineError('SL1515', {
    what: `a scenario fails on the rule as it is: ${miss.scenario.given}`,
    where: miss.alert,
    fix: 'mend the rule or its scenarios first; `npm run check` shows what was expected',
  });
}
