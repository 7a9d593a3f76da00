import { planLocal } from '../../infra/local/plan.ts';
import type { LocalPlan } from '../../infra/local/process-spec.ts';
import { describe, findPortConflicts } from '../../infra/local/state/free-ports.ts';
import { checkStateDir } from '../../infra/local/state/state-dir.ts';
import { readStackStatus } from '../../infra/local/supervisor/control-client.ts';
import { cacheRoot, ensureCacheRoot } from '../../infra/local/toolchain/cache.ts';
import { locateTool } from '../../infra/local/toolchain/toolchain.ts';
import type { ToolName } from '../../infra/versions.ts';
import type { StackOptions } from '../stack-options.ts';
import { type CheckResult, checked, failed, ok, warn } from './check-result.ts';

/** The plan, when the configuration allows one, and what was found about it. */
export async function checkPlan(
  stack: StackOptions,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly plan: LocalPlan | undefined; readonly result: CheckResult }> {
  let plan: LocalPlan | undefined;
  const result = await checked('configuration', async () => {
    plan = await planLocal({ ...stack, env, timeScale: 1 });
    return ok('configuration', `${plan.processes.length} processes`);
  });
  return { plan, result };
}

export async function checkPorts(plan: LocalPlan, stack: StackOptions): Promise<CheckResult> {
  return checked('ports', async () => {
    const running = await readStackStatus(stack.stateDir);
    if (running !== undefined) return ok('ports', `in use by this stack, which is ${running.state}`);
    const conflicts = await findPortConflicts(plan.processes);
    const count = plan.processes.flatMap(({ ports }) => ports).length;
    if (conflicts.length === 0) return ok('ports', `${count} free`);
    const held = conflicts.map(({ port, process, holder }) => `${port} (${process}) by ${describe(holder)}`);
    return failed('ports', held.join('; '), 'stop what holds them, or npm start -- --port-offset 10000');
  });
}

export function checkState(stack: StackOptions): Promise<CheckResult> {
  return checked('state directory', async () => {
    checkStateDir(stack.stateDir);
    return ok('state directory', stack.stateDir);
  });
}

export function checkCache(env: NodeJS.ProcessEnv): Promise<CheckResult> {
  return checked('tool cache', async () => {
    await ensureCacheRoot(cacheRoot(env));
    return ok('tool cache', cacheRoot(env));
  });
}

/** Whether each tool of the plan is there already; nothing is installed. */
export function checkTools(plan: LocalPlan, env: NodeJS.ProcessEnv): Promise<readonly CheckResult[]> {
  const users = new Map<ToolName, boolean>();
  for (const { run, optional } of plan.processes) {
    if ('tool' in run) users.set(run.tool, optional && (users.get(run.tool) ?? true));
  }
  return Promise.all([...users].map(([tool, optional]) => checkTool(tool, optional, env)));
}

async function checkTool(tool: ToolName, optional: boolean, env: NodeJS.ProcessEnv): Promise<CheckResult> {
  const { found, passedOver, otherwise } = await locateTool(tool, env);
  if (found !== undefined) return ok(tool, `${found.version} (${found.source}) ${found.path}`);
  const why = `${passedOver ?? 'not here yet'}${optional ? ' (optional)' : ''}`;
  return warn(tool, why, `npm start gets it: ${otherwise}`);
}
