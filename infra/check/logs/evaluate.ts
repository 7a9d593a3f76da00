import { pushed } from '../../../alerts/log-scenarios/lines.ts';
import type { LogScenario } from '../../../alerts/log-scenarios/scenario.ts';
import type { Breakable } from '../../../alerts/mutants/operator.ts';
import { durationMs } from '../../../telemetry/query/scale-time.ts';
import { rulerInterval } from '../../render/loki-ruler.ts';
import type { EmptyLoki } from './loki.ts';

/** A scenario whose lines are in Loki. */
export interface StagedScenario {
  readonly scenario: LogScenario;
  readonly tenant: string;
  /** When it is looked at, in seconds of the epoch. */
  readonly at: number;
}

const seconds = (duration: string): number => (durationMs(duration) ?? Number.NaN) / 1000;

const evaluationSeconds = seconds(rulerInterval);
/** How long before now a scenario begins, in seconds; Loki takes lines of the last hour in any order. */
const scenarioSeconds = 30 * 60;
/** Requests that Loki answers at once; more only wait in its queue. */
const atOnce = 8;

/** Pushes the lines of each scenario as a tenant of its own. */
export function stage(
  loki: EmptyLoki,
  scenarios: readonly LogScenario[],
): Promise<readonly StagedScenario[]> {
  // On a whole step, to which Loki moves the ends of a query.
  const start = Math.floor(Date.now() / 1000 / evaluationSeconds) * evaluationSeconds - scenarioSeconds;
  return inParallel(scenarios, async (scenario, index) => {
    const tenant = `scenario-${index}`;
    const streams = scenario.lines.map((writing) => pushed(writing, start * 1000));
    if (streams.length > 0) await loki.push(tenant, streams);
    return { scenario, tenant, at: start + seconds(scenario.at) };
  });
}

/** Labels of what the expression has found at every evaluation of the ruler since `for` ago. */
export async function firing(
  loki: EmptyLoki,
  { tenant, at }: StagedScenario,
  form: Breakable,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const held = form.for ? seconds(form.for) : 0;
  const evaluations = Math.floor(held / evaluationSeconds) + 1;
  const results = await loki.query(tenant, form.expr, at - held, at);
  return results.filter(({ values }) => values.length === evaluations).map(({ metric }) => metric);
}

/** In the order of the items; so many at a time. */
export async function inParallel<T, R>(
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
