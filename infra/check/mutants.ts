import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from '../../alerts/mutants/index.ts';
import type { Breakable } from '../../alerts/mutants/operator.ts';
import type { Outcome } from '../../alerts/mutants/verdict.ts';
import { type AlertRule, ruleId } from '../../alerts/rule.ts';
import { renderScenarios } from '../../alerts/scenarios/promtool.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { ruleGroups } from '../render/rules.ts';

interface MutantRun {
  readonly rules: readonly AlertRule[];
  readonly scenarios: readonly Scenario[];
  /** Path of the real promtool. */
  readonly promtool: string;
  /** Mutants killed so far, and those that the round that runs has yet to judge. */
  readonly onProgress: (killed: number, open: number) => void;
}

/** A rule as it is or broken, and the scenarios of its family. */
interface Trial {
  readonly rule: AlertRule;
  readonly form: Breakable;
  readonly scenarios: readonly Scenario[];
  readonly mutant?: Mutant;
}

/** Rule files one promtool gets; small enough that both cores have work to the end, and that progress moves. */
const batchSize = 25;
const promtoolsAtOnce = 2;
/** A mutant that the first scenarios kill need not meet the others: they come in rounds of so many. */
const scenariosARound = 4;
/** Longest that promtool may take over one batch, in milliseconds. */
const batchTimeoutMs = 180_000;
/** Of what promtool says about a batch, in bytes. */
const outputLimit = 64 * 1024 * 1024;

/**
 * Breaks each rule in every standard way and lets the real promtool run the rule's scenarios on each mutant.
 * Throws SL1515 when scenarios fail on a rule that is whole (every mutant would seem killed), or promtool does not
 * do its work.
 */
export async function judgeMutants(run: MutantRun): Promise<readonly Outcome[]> {
  const trials = run.rules.flatMap((rule) => trialsOf(rule, run.scenarios));
  const dir = await mkdtemp(join(tmpdir(), 'sightline-mutants-'));
  try {
    const killed = await runRounds(trials, dir, run);
    return trials.flatMap(({ mutant }) => (mutant ? [{ mutant, killed: killed.has(mutant) }] : []));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The rule itself first, then its mutants. Other tiers of the family are neither loaded nor expected. */
function trialsOf(rule: AlertRule, scenarios: readonly Scenario[]): readonly Trial[] {
  const own = scenarios
    .filter(({ family }) => family === rule.name)
    .map((scenario) => ({
      ...scenario,
      firing: scenario.firing.filter(({ severity }) => severity === rule.severity),
    }));
  const whole = { expr: renderQuery(rule.expr), ...(rule.for && { for: rule.for.duration }) };
  return [
    { rule, form: whole, scenarios: own },
    ...mutantsOf(rule).map((mutant) => ({ rule, form: mutant.broken, scenarios: own, mutant })),
  ];
}

/** The mutants that a scenario noticed. */
async function runRounds(
  trials: readonly Trial[],
  dir: string,
  { promtool, onProgress }: MutantRun,
): Promise<ReadonlySet<Mutant>> {
  const killed = new Set<Mutant>();
  const rounds = Math.ceil(Math.max(...trials.map(({ scenarios }) => scenarios.length)) / scenariosARound);
  for (let round = 0; round < rounds; round++) {
    const open = trials
      .filter(({ mutant }) => !mutant || !killed.has(mutant))
      .map((trial) => ({
        ...trial,
        scenarios: trial.scenarios.slice(round * scenariosARound, (round + 1) * scenariosARound),
      }))
      .filter(({ scenarios }) => scenarios.length > 0);
    let judged = 0;
    await inBatches(open, async (batch, members) => {
      for (const mutant of await runBatch(members, join(dir, `${round}-${batch}`), promtool))
        killed.add(mutant);
      judged += members.length;
      onProgress(killed.size, open.length - judged);
    });
  }
  return killed;
}

async function inBatches(
  trials: readonly Trial[],
  run: (batch: number, members: readonly Trial[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(trials.length / batchSize) }, (_, batch) =>
    trials.slice(batch * batchSize, (batch + 1) * batchSize),
  ).entries();
  // Workers share the iterator: each takes the next batch that nobody has taken.
  const worker = async (): Promise<void> => {
    for (const [batch, members] of batches) await run(batch, members);
  };
  await Promise.all(Array.from({ length: promtoolsAtOnce }, worker));
}

async function runBatch(trials: readonly Trial[], dir: string, promtool: string): Promise<readonly Mutant[]> {
  await mkdir(dir);
  await Promise.all(
    trials.flatMap((trial, index) => [
      writeFile(join(dir, ruleFile(index)), renderTrial(trial)),
      writeFile(join(dir, testFile(index)), renderScenarios(trial.scenarios, ruleFile(index))),
    ]),
  );
  const said = await runPromtool(
    promtool,
    trials.map((_, index) => testFile(index)),
    dir,
  );
  const report = await readFile(join(dir, reportFile), 'utf8').catch(() => '');
  return trials.flatMap((trial, index) =>
    failsIn(report, index, trial, said) && trial.mutant ? [trial.mutant] : [],
  );
}

const ruleFile = (index: number): string => `${index}.rules.yml`;
const testFile = (index: number): string => `${index}.test.yml`;
const reportFile = 'report.xml';

/** Without annotations: promtool would compare them too. JSON is YAML. */
function renderTrial({ rule, form }: Trial): string {
  const options = {
    thresholds: {},
    timeScale: 1,
    cluster: 'local',
    environment: 'local',
    baseUrls: { dashboards: '', runbooks: '' },
  };
  const groups = ruleGroups({ mutants: [rule] }, options).map(({ name, rules }) => ({
    name,
    rules: rules.map(({ annotations: _, for: __, ...rendered }) => ({ ...rendered, ...form })),
  }));
  return JSON.stringify({ groups });
}

/** What it printed. A failing test is an answer like any other; its report tells. */
function runPromtool(promtool: string, files: readonly string[], cwd: string): Promise<string> {
  const args = ['test', 'rules', `--junit=${reportFile}`, ...files];
  const limits = { timeout: batchTimeoutMs, maxBuffer: outputLimit };
  return new Promise((resolve) => {
    execFile(promtool, args, { cwd, ...limits }, (error, stdout, stderr) => {
      resolve(`${error?.message ?? ''}\n${stdout}\n${stderr}`.trim());
    });
  });
}

/** Whether one of the trial's scenarios failed, by promtool's own report. */
function failsIn(report: string, index: number, { rule, scenarios, mutant }: Trial, said: string): boolean {
  const start = report.indexOf(`<testsuite name="${testFile(index)}"`);
  const suite = start < 0 ? '' : report.slice(start, report.indexOf('</testsuite>', start));
  const [, tests, failures] = /tests="(\d+)" failures="(\d+)"/.exec(suite) ?? [];
  const id = mutant ? `${ruleId(rule)}, ${mutant.operator}, ${mutant.change}` : ruleId(rule);
  // A mutant that does not load was not noticed by a scenario.
  if (Number(tests) !== scenarios.length || suite.includes('could not parse'))
    throw new SightlineError('SL1515', {
      what: `promtool did not run the scenarios: ${(suite || said).slice(-2000)}`,
      where: id,
      fix: 'run `npm run check`; a mutant that is no valid PromQL is a fault of its operator in alerts/mutants',
    });
  if (failures !== '0' && !mutant)
    throw new SightlineError('SL1515', {
      what: `scenarios fail on the rule as it is: ${suite.slice(0, 2000)}`,
      where: id,
      fix: 'mend the rule or its scenarios first',
    });
  return failures !== '0';
}
