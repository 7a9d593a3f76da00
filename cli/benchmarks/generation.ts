import { readEnvironment } from '../../infra/config.ts';
import { localStack, planLocal } from '../../infra/local/plan.ts';
import { localPorts } from '../../infra/local/ports.ts';
import { alertsOf } from '../../infra/stack.ts';
import { median } from '../../telemetry/instrument/bench/parts.ts';

export interface GenerationFigures {
  readonly files: number;
  readonly rules: number;
  /** Milliseconds for everything that is generated, the first time in a process and afterwards. */
  readonly firstMs: number;
  readonly medianMs: number;
}

const rounds = 10;

/** How long it takes to generate every file of the local environment, checks by real tools left out. */
export async function measureGeneration(): Promise<GenerationFigures> {
  const times: number[] = [];
  let files = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const started = performance.now();
    files = (await planLocal({ portOffset: 0, stateDir: '/state', env: {}, timeScale: 1 })).files.size;
    times.push(performance.now() - started);
  }
  const rules = alertsOf(localStack(readEnvironment('local'), localPorts(0), 1)).length;
  const [firstMs = 0, ...rest] = times;
  return { files, rules, firstMs, medianMs: median(rest) };
}
