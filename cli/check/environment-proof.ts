import pc from 'picocolors';
import { proveEnvironment } from '../../infra/check/environment-proof.ts';
import { mergeProblems } from '../../infra/check/merge.ts';
import type { OverrideReport } from '../../infra/check/override-verdict.ts';
import type { EnvironmentName } from '../../infra/config/names.ts';
import type { EnvironmentStack } from '../../infra/stack.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { findPromtool, findTool } from '../promtool.ts';

interface EnvironmentProofs {
  readonly proofs: ReadonlyMap<EnvironmentName, OverrideReport>;
  readonly problems: readonly Problem[];
}

/** What environments have otherwise than all others: one after the other, for each takes every core. */
export async function proveEnvironments(
  stacks: ReadonlyMap<EnvironmentName, EnvironmentStack>,
  signal: AbortSignal,
): Promise<EnvironmentProofs> {
  const [promtool, loki] = await Promise.all([findPromtool(signal), findTool('loki', signal)]);
  const proofs = new Map<EnvironmentName, OverrideReport>();
  for (const [name, stack] of stacks)
    proofs.set(name, await proveEnvironment(stack, { promtool, loki, signal }));
  const found = new Map([...proofs].map(([name, { problems }]) => [name, problems]));
  return { proofs, problems: mergeProblems(found) };
}

/** Per environment with rules of its own: how many scenarios were run on them, and which an override moved. */
export function environmentLines({ proofs }: EnvironmentProofs): readonly string[] {
  return [...proofs].flatMap(([name, { scenarios, moved, problems }]) => {
    if (scenarios === 0) return [];
    const outcome =
      problems.length === 0 ? pc.green('as they should') : pc.red(`${problems.length} problems`);
    return [
      `${name}: ${scenarios} scenarios on rules that only it has so, ${outcome}`,
      ...moved.map(({ rule, given, at, now }) => {
        const change = now === 'fewer' ? 'no longer fires' : 'fires';
        return pc.dim(`  by its override, ${rule} ${change}: ${given} (at ${at})`);
      }),
    ];
  });
}
