import { familiesOf } from '../../alerts/families.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import { emptyScenarios, type Sources } from '../../alerts/scenarios/coverage.ts';
import { type Kind, kindsOf } from '../../alerts/scenarios/kinds.ts';
import { type Probe, type Proof, probesOf, proofsOf, shows } from '../../alerts/scenarios/proofs.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { type Candidate, type Trial, wholeRule } from './trial/candidate.ts';
import { type Miss, runTrials } from './trial/run.ts';

/** What the scenarios show of one rule. */
export interface ProvenRule {
  readonly id: string;
  readonly kinds: readonly Kind[];
  readonly scenarios: number;
  readonly missing: readonly Proof[];
}

export interface ScenarioReport {
  readonly rules: readonly ProvenRule[];
  readonly scenarios: number;
  readonly problems: readonly Problem[];
}

interface ScenarioRun {
  readonly rules: readonly AlertRule[];
  readonly scenarios: readonly Scenario[];
  /** Path of the real promtool. */
  readonly promtool: string;
  readonly signal: AbortSignal;
  /** Scenarios still to be run. */
  readonly onProgress: (open: number) => void;
  readonly sources?: Sources;
}

/** One scenario that is exactly at a threshold is enough: the rest need not be asked, so they come in portions. */
const testsACall = 8;

/** A tier, and its probes by the name under which they are loaded. */
interface Probed {
  readonly rule: AlertRule;
  readonly probes: ReadonlyMap<string, Probe>;
}

/**
 * Runs every scenario on its rules with the real promtool, beside them the rules with a boundary moved or a window
 * that never counts: whether a scenario is exactly at a threshold is seen by its noticing.
 */
export async function checkScenarios(run: ScenarioRun): Promise<ScenarioReport> {
  const { rules, scenarios } = run;
  const probed = rules.map((rule) => ({ rule, probes: namedProbes(rule) }));
  const misses = await runTrials(trialsOf(probed, scenarios), {
    promtool: run.promtool,
    signal: run.signal,
    testsACall,
    onProgress: (_, open) => run.onProgress(open),
  });
  const ofRules = new Set(rules.map(({ name }) => name));
  const proven = probed.map((tier) => provenRule(tier, scenarios, misses));
  return {
    rules: proven,
    scenarios: scenarios.length,
    problems: [
      ...emptyScenarios(scenarios, rules, run.sources).map((what) => ({
        code: 'SL1516' as const,
        what,
        where: 'alerts/scenarios',
        fix: 'name an alert of alerts/rules and a severity that it has, and give it samples that it reads',
      })),
      ...proven.flatMap(lacking),
      ...misses.filter(({ alert }) => ofRules.has(alert)).map(contradiction),
    ],
  };
}

const namedProbes = (rule: AlertRule): ReadonlyMap<string, Probe> =>
  new Map(probesOf(rule).map((probe, index) => [`${ruleId(rule)}#${index}`, probe]));

function trialsOf(probed: readonly Probed[], scenarios: readonly Scenario[]): readonly Trial[] {
  const probesOfRule = new Map(probed.map(({ rule, probes }) => [rule, probes]));
  return familiesOf(probed.map(({ rule }) => rule)).map(({ name, tiers }) => ({
    scenarios: scenarios.filter(({ family }) => family === name),
    candidates: tiers.flatMap((rule): readonly Candidate[] => [
      wholeRule(rule),
      ...[...(probesOfRule.get(rule) ?? [])].map(([alert, { proof, form }]) => ({
        alert,
        rule,
        form,
        bare: true,
        onlyOnce: proof === 'exactly at the threshold',
      })),
    ]),
  }));
}

function provenRule({ rule, probes }: Probed, all: readonly Scenario[], misses: readonly Miss[]): ProvenRule {
  const scenarios = all.filter(({ family }) => family === rule.name);
  const kinds = kindsOf(renderQuery(rule.expr));
  const noticed = (alert: string): readonly Scenario[] =>
    misses.filter((miss) => miss.alert === alert).map(({ scenario }) => scenario);
  const missing = [...new Set(kinds.flatMap(proofsOf))].filter((proof) => {
    const asked = [...probes].filter(([, probe]) => probe.proof === proof);
    return asked.length > 0
      ? !asked.every(([alert]) => shows(proof, rule, scenarios, noticed(alert)))
      : !shows(proof, rule, scenarios, scenarios);
  });
  return { id: ruleId(rule), kinds, scenarios: scenarios.length, missing };
}

const lacking = ({ id, kinds, missing }: ProvenRule): readonly Problem[] =>
  missing.length === 0
    ? []
    : [
        {
          code: 'SL1516',
          what: `no scenario of this ${kinds.join(' and ')} rule shows: ${missing.join(', ')}`,
          where: `alert ${id}`,
          fix: 'add it in alerts/scenarios; docs/how-to/test-a-rule.md says which helper writes it',
        },
      ];

function contradiction({ alert, scenario, expected, got, error }: Miss): Problem {
  const told = error
    ? `it cannot be evaluated: ${error}`
    : `expected ${listed(expected, alert)}, got ${listed(got, alert)}`;
  return {
    code: 'SL1517',
    what: `${scenario.given}, at ${scenario.at}: ${told}`,
    where: `alert ${alert}`,
    fix: 'mend the rule in alerts/rules, or its scenario in alerts/scenarios',
  };
}

/** Labels as promtool prints them, without the name of the alert, which is said already. */
const listed = (alerts: readonly string[], name: string): string =>
  alerts.length === 0
    ? 'no alert'
    : alerts.map((labels) => labels.replace(new RegExp(`alertname="${name}",? ?`), '')).join(' and ');
