import { ruleId } from '../rule.ts';
import type { DeclaredEquivalent } from './equivalent.ts';
import { type Mutant, operators } from './index.ts';
import type { LogMutant } from './log-mutants.ts';

/** A mutant, and whether a scenario failed with it. */
export interface Outcome {
  readonly mutant: Mutant | LogMutant;
  readonly killed: boolean;
}

interface Share {
  readonly mutants: number;
  readonly killed: number;
  /** 0 to 100, not rounded; 100 where there is no mutant. */
  readonly percent: number;
}

interface Survivor {
  readonly rule: string;
  readonly operator: string;
  readonly change: string;
  readonly expr: string;
  /** Why no scenario can notice, where that is declared. */
  readonly because?: string;
}

export interface Verdict {
  readonly total: Share;
  readonly operators: readonly (Share & { readonly name: string })[];
  readonly survivors: readonly Survivor[];
  /** What keeps the run from passing, in sentences; empty when it passes. */
  readonly complaints: readonly string[];
}

/** Share of all mutants, and of each operator's, that must be killed, in percent. */
export const leastPercent = { total: 95, operator: 90 } as const;

/** The figures of a run. A declared equivalent counts as a survivor: the declaration only explains it. */
export function verdictOn(outcomes: readonly Outcome[], declared: readonly DeclaredEquivalent[]): Verdict {
  const total = shareOf(outcomes);
  const byOperator = operators.map(({ name }) => ({
    name,
    ...shareOf(outcomes.filter(({ mutant }) => mutant.operator === name)),
  }));
  const survivors = outcomes
    .filter(({ killed }) => !killed)
    .map(({ mutant }) => survivorOf(mutant, declared));
  return {
    total,
    operators: byOperator,
    survivors,
    complaints: [
      ...(total.percent < leastPercent.total
        ? [`${total.percent.toFixed(1)} % of the mutants were killed, not ${leastPercent.total} %`]
        : []),
      ...byOperator
        .filter(({ percent }) => percent < leastPercent.operator)
        .map(
          ({ name, percent }) =>
            `${percent.toFixed(1)} % of the mutants by "${name}" were killed, not ${leastPercent.operator} %`,
        ),
      ...staleDeclarations(outcomes, declared),
    ],
  };
}

function shareOf(outcomes: readonly Outcome[]): Share {
  const killed = outcomes.filter((outcome) => outcome.killed).length;
  return {
    mutants: outcomes.length,
    killed,
    percent: outcomes.length === 0 ? 100 : (killed / outcomes.length) * 100,
  };
}

function survivorOf(mutant: Outcome['mutant'], declared: readonly DeclaredEquivalent[]): Survivor {
  const declaration = declared.find((candidate) => isAbout(candidate, mutant));
  return {
    rule: ruleId(mutant.rule),
    operator: mutant.operator,
    change: mutant.change,
    expr: mutant.broken.expr,
    ...(declaration && { because: declaration.because }),
  };
}

const isAbout = (declaration: DeclaredEquivalent, mutant: Outcome['mutant']): boolean =>
  declaration.rule === ruleId(mutant.rule) &&
  declaration.operator === mutant.operator &&
  declaration.change === mutant.change;

/** Declarations about rules of this run that name no survivor of it, or give no reason. */
function staleDeclarations(
  outcomes: readonly Outcome[],
  declared: readonly DeclaredEquivalent[],
): readonly string[] {
  const rules = new Set(outcomes.map(({ mutant }) => ruleId(mutant.rule)));
  return declared
    .filter(({ rule }) => rules.has(rule))
    .flatMap((declaration) => {
      const { rule, operator, change, because } = declaration;
      const survives = outcomes.some(({ killed, mutant }) => !killed && isAbout(declaration, mutant));
      if (!survives)
        return [`${rule}, ${operator}, ${change}: declared equivalent, and no such mutant survived`];
      return because.trim() === '' ? [`${rule}, ${operator}, ${change}: declared without a reason`] : [];
    });
}
