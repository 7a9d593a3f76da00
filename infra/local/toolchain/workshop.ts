import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { commitToCache, makeTemporary, type ToolRecord } from './cache.ts';
import type { Downloader } from './download.ts';
import { reportedVersion } from './path-lookup.ts';
import type { FoundTool, Miss, Report } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { isCompatible } from './version-match.ts';

/** What every way of getting a tool needs. */
export interface Workshop {
  /** The cache's directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly downloader: Downloader;
  readonly signal?: AbortSignal | undefined;
}

/** What a way has made in the temporary directory it was given. */
export interface Made {
  /** Relative to the temporary directory. */
  readonly binary: string;
  /** A URL, a Go package, a Debian package: kept in tool.json. */
  readonly origin: string;
}

/**
 * Lets `make` work in a temporary directory, then checks that the binary runs and reports the right version, and
 * only then moves it into the cache. Whatever happens, the temporary directory is gone afterwards.
 * @throws {SightlineError} SL1203 when the binary does not run or reports another version.
 */
export async function installWith(
  workshop: Workshop,
  recipe: Recipe,
  source: ToolRecord['source'],
  report: Report,
  make: (directory: string) => Promise<Made | Miss>,
): Promise<FoundTool | Miss> {
  const directory = await makeTemporary(workshop.root, recipe);
  try {
    const made = await make(directory);
    if ('missed' in made) return made;
    report('installing', 'checking its version');
    const path = join(directory, made.binary);
    await chmod(path, 0o755);
    const version = await checkedVersion(workshop, recipe, source, path, made.origin);
    return await commitToCache(workshop.root, recipe, { directory, source, version, ...made });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A release or a build must be exactly the pinned version; Debian's may be any that is accepted on PATH. */
async function checkedVersion(
  workshop: Workshop,
  recipe: Recipe,
  source: ToolRecord['source'],
  path: string,
  origin: string,
): Promise<string> {
  const { version, output } = await reportedVersion(recipe, path, workshop.env, workshop.signal);
  workshop.signal?.throwIfAborted();
  const right =
    version !== undefined &&
    (source === 'package' ? isCompatible(version, recipe.product) : version === recipe.product.version);
  if (right) return version;
  const printed = output.split('\n')[0]?.slice(0, 200) ?? '';
  throw new SightlineError('SL1203', {
    what:
      version === undefined
        ? `${recipe.tool} ${recipe.product.version} does not run or reports no version ("${printed}")`
        : `${recipe.tool} reports version ${version}, not ${recipe.product.version}`,
    where: origin,
    fix: `put ${recipe.tool} ${recipe.product.version} on PATH, or report this: infra/versions.ts may be wrong`,
  });
}
