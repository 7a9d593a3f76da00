import { allLogScenarios } from '../../alerts/log-scenarios/index.ts';
import { logMutantsOf } from '../../alerts/mutants/log-mutants.ts';
import { verdictOn } from '../../alerts/mutants/verdict.ts';
import { allLogRules } from '../../alerts/rules/index.ts';
import { judgeLogMutants } from '../../infra/check/logs/mutants.ts';
import { environmentStack } from '../../infra/environment.ts';
import { countOn, findTool } from '../promtool.ts';
import { verdictLines } from './mutation-report.ts';

/** Breaks every log rule and runs its scenarios on each broken one in a real Loki. */
export async function breakLogRules(
  { json = false }: { readonly json?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const mutants = allLogRules.flatMap(logMutantsOf);
  const loki = await findTool('loki', signal);
  const counter = countOn(process.stderr);
  const outcomes = await judgeLogMutants({
    loki,
    stack: environmentStack('local'),
    mutants,
    scenarios: allLogScenarios,
    signal,
    onProgress: (judged) => counter.update(`${judged} of ${mutants.length} mutants judged`),
  }).finally(counter.finish);
  const verdict = verdictOn(outcomes, []);
  const seconds = (performance.now() - started) / 1000;
  const rules = allLogRules.length;
  if (json) console.log(JSON.stringify({ rules, seconds, ...verdict }, null, 2));
  else for (const line of verdictLines(verdict, rules, seconds)) console.log(line);
  process.exitCode = verdict.complaints.length === 0 ? 0 : 1;
}
