import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRouting } from '../../alerts/check-routing.ts';
import { checkRules } from '../../alerts/check-rules.ts';
import { readRunbooks } from '../../alerts/runbooks.ts';
import { checkDashboard } from '../../dashboards/checks.ts';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';
import type { Problem } from '../../telemetry/errors.ts';
import type { LocalPlan } from '../local/process-spec.ts';
import type { ToolProgress } from '../local/toolchain/toolchain.ts';
import type { Stack } from '../stack.ts';
import { checkReferences } from './references.ts';
import { checkWithTools } from './tools.ts';

/** Every check that needs no tool: rules, routing, runbooks, references between rooms. */
export async function checkStack(stack: Stack): Promise<readonly Problem[]> {
  const runbooks = await readRunbooks();
  return [
    ...checkRules(Object.values(stack.rules).flat(), runbooks),
    ...checkRouting(stack.routing, Object.values(stack.rules).flat()),
    ...stack.dashboards.flatMap((dashboard) => checkDashboard(dashboard, stack.thresholds)),
    ...checkReferences(stack),
  ];
}

/** Renders the plan made by `plan` into a folder of its own and asks the real tools about it. */
export async function checkRendered(
  plan: (stateDir: string) => Promise<LocalPlan>,
  onProgress: (progress: ToolProgress) => void,
): Promise<readonly Problem[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-check-'));
  try {
    for (const [path, text] of (await plan(dir)).files) writeFileAtomically(join(dir, path), text);
    return await checkWithTools(dir, onProgress);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
