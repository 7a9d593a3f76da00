import { withBoundaryMoved } from '../../../alerts/log-boundary.ts';
import { judge, judgeThreshold, type LogScenarioResult } from '../../../alerts/log-scenarios/judge.ts';
import { pushed } from '../../../alerts/log-scenarios/lines.ts';
import type { LogScenario } from '../../../alerts/log-scenarios/scenario.ts';
import type { LogAlertRule } from '../../../alerts/rule.ts';
import { renderQuery } from '../../../telemetry/query/query.ts';
import { durationMs } from '../../../telemetry/query/scale-time.ts';
import { rulerInterval } from '../../render/loki-ruler.ts';
import type { EnvironmentStack } from '../../stack.ts';
import { type EmptyLoki, withLoki } from './loki.ts';

export interface LogScenarioRun {
  /** Path of the real Loki. */
  readonly loki: string;
  readonly stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>;
  readonly rules: readonly LogAlertRule[];
  readonly scenarios: readonly LogScenario[];
  readonly signal: AbortSignal;
  /** Scenarios done so far, of how many. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Requests that Loki answers at once; more only wait in its queue. */
const atOnce = 8;
/** How long before now a scenario begins, in seconds; Loki takes lines of the last hour in any order. */
const scenarioSeconds = 30 * 60;
const seconds = (duration: string): number => (durationMs(duration) ?? Number.NaN) / 1000;

const evaluationSeconds = seconds(rulerInterval);

/**
 * Pushes the lines of every scenario into one real Loki, a tenant each, and evaluates the family's rules over them.
 * A rule fires where its expression, as it is deployed, has the same result at each of the ruler's evaluations for as
 * long as `for` says, up to the moment of the scenario. Gives one result a rule and scenario, in the order of the
 * scenarios. Throws SL1806 when Loki does not do its work, a query that it refuses included.
 */
export function runLogScenarios(run: LogScenarioRun): Promise<readonly LogScenarioResult[]> {
  const { loki, stack, rules, scenarios, signal, onProgress } = run;
  // On a whole step, to which Loki moves the ends of a query.
  const start = Math.floor(Date.now() / 1000 / evaluationSeconds) * evaluationSeconds - scenarioSeconds;
  return withLoki(loki, stack, signal, async (empty) => {
    let done = 0;
    const results = await inParallel(scenarios, async (scenario, index) => {
      const found = await runScenario(empty, { tenant: `scenario-${index}`, start, scenario, rules });
      done += 1;
      onProgress?.(done, scenarios.length);
      return found;
    });
    return results.flat();
  });
}

async function runScenario(
  loki: EmptyLoki,
  {
    tenant,
    start,
    scenario,
    rules,
  }: {
    readonly tenant: string;
    /** Seconds of the epoch. */
    readonly start: number;
    readonly scenario: LogScenario;
    readonly rules: readonly LogAlertRule[];
  },
): Promise<readonly LogScenarioResult[]> {
  const streams = scenario.lines.map((writing) => pushed(writing, start * 1000));
  if (streams.length > 0) await loki.push(tenant, streams);
  const at = start + seconds(scenario.at);
  return Promise.all(
    rules
      .filter(({ name }) => name === scenario.family)
      .map(async (rule) => {
        const query = renderQuery(rule.expr);
        const fired = await firing(loki, tenant, rule, query, at);
        if (scenario.kind !== 'threshold') return judge(rule, scenario, fired);
        const beyond = await firing(loki, tenant, rule, withBoundaryMoved(query), at);
        return judgeThreshold(rule, scenario, fired, beyond);
      }),
  );
}

/** Labels of what the rule has found at every evaluation since `for` ago. */
async function firing(
  loki: EmptyLoki,
  tenant: string,
  rule: LogAlertRule,
  query: string,
  at: number,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const held = rule.for ? seconds(rule.for.duration) : 0;
  const evaluations = Math.floor(held / evaluationSeconds) + 1;
  const results = await loki.query(tenant, query, at - held, at);
  return results.filter(({ values }) => values.length === evaluations).map(({ metric }) => metric);
}

/** In the order of the items; so many at a time. */
async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
