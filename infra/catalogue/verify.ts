import { catalogueComponents } from '../../telemetry/catalogue/components.ts';
import { findTools, type ToolProgress } from '../local/toolchain/toolchain.ts';
import type { ToolName } from '../versions.ts';
import { compareAll } from './compare.ts';
import type { Metrics } from './look.ts';
import { type ComponentRecord, metricRecordOf } from './record.ts';
import { type Verifiable, verifiers } from './verifiers/index.ts';
import { atWorkbench, type ToolPaths } from './workbench.ts';

interface VerifyOptions {
  readonly onProgress: (progress: ToolProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the component on free ports in a temporary folder, makes it show its metrics, and compares them with its
 * entries.
 * @throws {SightlineError} SL1805 when it cannot be made to run, SL12xx when a tool cannot be had
 */
export async function verifyComponent(
  name: Verifiable,
  { onProgress, signal }: VerifyOptions,
): Promise<ComponentRecord> {
  const { tools, observe } = verifiers[name];
  const metrics: Metrics = catalogueComponents[name].metrics;
  const { paths, version } = await getTools(tools, { onProgress, signal });
  const exposition = await atWorkbench(paths, signal, (bench) => observe(bench, metrics));
  const findings = compareAll(metrics, exposition);
  return {
    version,
    date: new Date().toISOString().slice(0, 10),
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([metric, entry]) => {
        const finding = findings.get(metric);
        return finding === undefined ? [] : [[metric, metricRecordOf(metric, entry, finding)]];
      }),
    ),
  };
}

/** All of them, with the version of the first. When one cannot be had, the others are no longer waited for. */
async function getTools(
  tools: readonly [ToolName, ...ToolName[]],
  { onProgress, signal }: VerifyOptions,
): Promise<{ readonly paths: ToolPaths; readonly version: string }> {
  const giveUp = new AbortController();
  const found = findTools(tools, { onProgress, signal: AbortSignal.any([signal, giveUp.signal]) });
  try {
    const all = await Promise.all(found.values());
    const paths = new Map(all.map(({ name, path }) => [name, path]));
    return { paths, version: all.find(({ name }) => name === tools[0])?.version ?? '' };
  } catch (cause) {
    giveUp.abort();
    await Promise.allSettled(found.values());
    throw cause;
  }
}
