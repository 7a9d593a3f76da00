import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import {
  intervalOf,
  renderTests,
  type SharedSamples,
  sharingSamples,
} from '../../../alerts/scenarios/promtool.ts';
import type { Scenario } from '../../../alerts/scenarios/scenario.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import { durationMs } from '../../../telemetry/query/scale-time.ts';
import { askedAlerts, type Candidate, renderCandidates, type Trial } from './candidate.ts';
import { runPromtool } from './promtool.ts';
import type { Failure, FileReport } from './report.ts';

/** An alert that did not do what a scenario says. */
export interface Miss {
  readonly alert: string;
  readonly scenario: Scenario;
  /** Labels of the alerts; empty for none. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** What promtool said, where the expression could not be evaluated. */
  readonly error?: string;
}

interface TrialRun {
  /** Path of the real promtool. */
  readonly promtool: string;
  /** Ends promtool and removes the files. */
  readonly signal: AbortSignal;
  /** After each call of promtool: scenarios still to be run, each as often as there are trials with it. */
  readonly onProgress: (misses: readonly Miss[], open: number) => void;
  /** Most tests of a trial in one call of promtool. */
  readonly testsACall: number;
}

/** What of a trial is still to be done. */
interface Rest {
  readonly candidates: readonly Candidate[];
  readonly tests: readonly SharedSamples[];
}

/** Each trial is wholly done in one lane; so many that every core has work to the end. */
const lanesACore = 6;

/**
 * Runs the scenarios of the trials on their candidates with the real promtool, on all cores, and gives every miss.
 * Throws SL1515 when promtool does not do its work.
 */
export async function runTrials(trials: readonly Trial[], run: TrialRun): Promise<readonly Miss[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-trial-'));
  const queue = new PQueue({ concurrency: availableParallelism() });
  const misses: Miss[] = [];
  let open = trials.reduce((sum, { scenarios }) => sum + scenarios.length, 0);
  const runLane = async (lane: readonly Trial[], number: number): Promise<void> => {
    let rests = lane.map(
      ({ candidates, scenarios }): Rest => ({ candidates, tests: sharingSamples(scenarios) }),
    );
    for (let call = 0; rests.length > 0; call++) {
      const before = scenariosIn(rests);
      const step = await runStep(rests, join(dir, `${number}-${call}`), run);
      misses.push(...step.misses);
      rests = step.rests.filter(({ candidates, tests }) => candidates.length > 0 && tests.length > 0);
      open -= before - scenariosIn(rests);
      run.onProgress(misses, open);
    }
  };
  try {
    await queue.addAll(lanesOf(trials).map((lane, number) => () => runLane(lane, number)));
    return misses;
  } finally {
    queue.clear();
    await queue.onIdle();
    await rm(dir, { recursive: true, force: true });
  }
}

const scenariosIn = (rests: readonly Rest[]): number =>
  rests.reduce((sum, { tests }) => sum + tests.flat().length, 0);

/** Trials dealt out so that all lanes have about as much to do, the longest ones first. */
function lanesOf(trials: readonly Trial[]): readonly (readonly Trial[])[] {
  const lanes = Array.from({ length: availableParallelism() * lanesACore }, () => ({
    work: 0,
    trials: [] as Trial[],
  }));
  const work = ({ candidates, scenarios }: Trial): number => (candidates.length + 5) * scenarios.length;
  for (const trial of trials.toSorted((a, b) => work(b) - work(a))) {
    const [emptiest] = lanes.toSorted((a, b) => a.work - b.work);
    emptiest?.trials.push(trial);
    if (emptiest) emptiest.work += work(trial);
  }
  return lanes.map((lane) => lane.trials).filter((lane) => lane.length > 0);
}

interface Step {
  readonly misses: readonly Miss[];
  readonly rests: readonly Rest[];
}

/** One call of promtool: the next tests of each trial. */
async function runStep(rests: readonly Rest[], dir: string, run: TrialRun): Promise<Step> {
  const now = rests.map(({ tests }) => nextTests(tests, run.testsACall));
  const files = new Map(
    rests.flatMap(({ candidates }, index) => [
      [`${index}.rules.json`, renderCandidates(candidates)] as const,
      [
        `${index}.test.json`,
        renderTests(now[index] ?? [], askedAlerts(candidates), `${index}.rules.json`),
      ] as const,
    ]),
  );
  const reports = await runPromtool(run.promtool, dir, files, run.signal);
  await rm(dir, { recursive: true, force: true });
  const steps = rests.map(({ candidates, tests }, index): Step => {
    const done = now[index] ?? [];
    const report = reports.get(`${index}.test.json`);
    const rest = { candidates, tests: tests.slice(done.length) };
    return readStep(rest, done, understood(report, done, candidates));
  });
  return { misses: steps.flatMap(({ misses }) => misses), rests: steps.flatMap((step) => step.rests) };
}

/** Tests of one file have one interval. */
function nextTests(tests: readonly SharedSamples[], most: number): readonly SharedSamples[] {
  const [first] = tests;
  const end = tests.findIndex((test) => first !== undefined && intervalOf(test) !== intervalOf(first));
  return tests.slice(0, Math.min(most, end < 0 ? most : end));
}

function understood(
  report: FileReport | undefined,
  tests: readonly SharedSamples[],
  candidates: readonly Candidate[],
): FileReport {
  if (report && report.tests === tests.length && report.strange.length === 0) return report;
  throw new SightlineError('SL1515', {
    what: `promtool did not run the scenarios: ${report?.strange.join('; ').slice(0, 2000) || 'it says no more'}`,
    where: [...new Set(candidates.map(({ rule }) => rule.name))].join(', '),
    fix: 'run `npm run check`; a changed rule that is no valid PromQL is a fault of its operator in alerts/mutants',
  });
}

function readStep(rest: Rest, done: readonly SharedSamples[], report: FileReport): Step {
  // An error ends its test, so all but what cannot be evaluated meet that one again.
  const erring = report.failures.filter(({ kind }) => kind === 'error');
  const ended = new Set(erring.map(({ test }) => test));
  const cutShort = done.filter((_, index) => ended.has(index));
  const misses = report.failures
    .filter(({ kind, test }) => kind === 'error' || !ended.has(test))
    .flatMap((failure) => missesOf(failure, done[failure.test] ?? []));
  const missed = new Set(misses.map(({ alert }) => alert));
  const unevaluable = new Set(erring.map(({ alert }) => alert));
  const candidates = rest.candidates.filter(({ alert, onlyOnce }) => !(onlyOnce && missed.has(alert)));
  return {
    misses,
    rests: [
      { candidates: candidates.filter(({ alert }) => !unevaluable.has(alert)), tests: cutShort },
      { candidates, tests: rest.tests },
    ],
  };
}

function missesOf(failure: Failure, scenarios: readonly Scenario[]): readonly Miss[] {
  const { alert } = failure;
  if (failure.kind === 'error')
    return scenarios
      .slice(0, 1)
      .map((scenario) => ({ alert, scenario, expected: [], got: [], error: failure.message }));
  const { expected, got, atMs } = failure;
  return scenarios
    .filter(({ at }) => durationMs(at) === atMs)
    .map((scenario) => ({ alert, scenario, expected, got }));
}
