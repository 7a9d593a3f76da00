import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRecordings } from '../../alerts/check-recordings.ts';
import { checkRouting } from '../../alerts/check-routing.ts';
import { checkDashboard } from '../../dashboards/checks.ts';
import { checkSavedQueries } from '../../dashboards/queries/check.ts';
import { savedQueries } from '../../dashboards/queries/index.ts';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { catalogueComponents } from '../../telemetry/catalogue/components.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { checkCatalogue } from '../catalogue/check-record.ts';
import { readRecord } from '../catalogue/record.ts';
import type { EnvironmentName } from '../config/names.ts';
import { containerRoot } from '../docker/container.ts';
import { environmentFiles } from '../environment.ts';
import { checkGameDay, knownAlerts } from '../game-day/check.ts';
import type { ToolProgress } from '../local/toolchain/toolchain.ts';
import { alertsOf, type EnvironmentStack, type Stack } from '../stack.ts';
import { pinnedVersions } from '../versions.ts';
import { checkExpiry } from './expiry.ts';
import { checkReferences } from './references.ts';
import { checkRulesOf } from './rules.ts';
import { checkWithTools } from './tools.ts';

/** Every check that needs no tool: rules, routing, runbooks, references between rooms, what the catalogue rests on. */
export async function checkStack(stack: EnvironmentStack | Stack): Promise<readonly Problem[]> {
  return [
    ...(await checkRulesOf(stack)),
    ...checkRecordings(stack.recordings),
    ...checkExpiry(stack),
    ...checkRouting(stack.routing, alertsOf(stack)),
    ...stack.dashboards.flatMap((dashboard) => checkDashboard(dashboard, stack.thresholds)),
    ...checkSavedQueries(savedQueries),
    ...checkReferences(stack),
    // Game days run on this machine, by the rules that are in force there.
    ...(stack.config.environment === 'local' ? checkGameDay(knownAlerts(stack)) : []),
    ...checkCatalogue(catalogueComponents, readRecord(), pinnedVersions),
  ];
}

/** Renders environments into folders of their own and asks the real tools about them. */
export async function checkRendered(
  names: readonly EnvironmentName[],
  onProgress: (progress: ToolProgress) => void,
): Promise<ReadonlyMap<EnvironmentName, readonly Problem[]>> {
  const base = await mkdtemp(join(tmpdir(), 'sightline-check-'));
  try {
    const rendered = names.map(async (name) => {
      const dir = join(base, name);
      const files = await environmentFiles(name, dir);
      // In a container they have a root of their own, wherever they are written to.
      for (const [path, text] of files) {
        writeFileAtomically(join(dir, path), text.replaceAll(`${containerRoot}/`, `${dir}/`));
      }
      return { name, dir, files: new Set(files.keys()) };
    });
    return await checkWithTools(await Promise.all(rendered), onProgress);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}
