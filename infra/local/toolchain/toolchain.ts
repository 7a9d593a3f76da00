import { setMaxListeners } from 'node:events';
import { SightlineError } from '../../../telemetry/errors.ts';
import type { ToolName } from '../../versions.ts';
import {
  cacheKey,
  cacheRoot,
  ensureCacheRoot,
  isDiskTrouble,
  notWritable,
  readCache,
  removeLeftovers,
} from './cache.ts';
import { fromDebianPackage } from './debian-package.ts';
import { Downloader } from './download.ts';
import { fromGoModule } from './go-build.ts';
import { usableJava } from './java.ts';
import { withLock } from './lock.ts';
import { fromMaven } from './maven-jars.ts';
import { lookOnPath } from './path-lookup.ts';
import {
  type FoundTool,
  type Miss,
  type Report,
  type ToolProgress,
  type ToolStep,
  throttled,
} from './progress.ts';
import type { Recipe } from './recipe.ts';
import { platformOf, recipes } from './recipes.ts';
import { fromRelease } from './release.ts';
import { acceptedRange } from './version-match.ts';
import type { Workshop } from './workshop.ts';

export type { FoundTool, ToolProgress } from './progress.ts';

interface FindOptions {
  readonly onProgress?: (progress: ToolProgress) => void;
  readonly signal?: AbortSignal;
  /** PATH, HOME, XDG_CACHE_HOME, SIGHTLINE_RELEASES_URL, the proxies and Go's settings are read from it. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Progress by bytes or packages comes at most this often, in milliseconds. */
const progressEveryMs = 150;

/**
 * Finds the tools and gets those that are missing. Returns at once; each promise settles on its own, so that what is
 * ready can be used while slower ones are still coming. Name them in the order of need: builds start in that order.
 *
 * Each tool is looked for in this order:
 * 1. on PATH at a compatible version: loki, promtail, logcli and loki-canary on the pinned minor line (3.6.x), all
 *    others at the pinned major and not older than `accepts.from` in infra/versions.ts; another version is passed
 *    over, and progress says so;
 * 2. in the cache, `${XDG_CACHE_HOME:-~/.cache}/sightline/tools/<tool>-<version>-<os>-<arch>/`;
 * 3. as the official release, verified against the checksum file published with it. A wrong checksum is an error
 *    and nothing else is tried in its place, since it may mean tampering. The base URL of all releases can be
 *    replaced by SIGHTLINE_RELEASES_URL. A host that cannot be reached (5 s) is not tried again by this call;
 * 4. built from its Go module; 5. for blackbox_exporter, taken out of Debian's package where there is no Go.
 * Kafka comes as jars by Maven in place of 3 and 4, and where Java 17 is missing nothing is looked for.
 *
 * A promise rejects with a SightlineError: SL1201 when every way failed (each is named), SL1202 checksum, SL1203
 * does not run, SL1204 cache not writable, SL1205 lock stuck, SL1206 aborted, SL1208 archive. Rejections that
 * nobody listens to do not end the process.
 */
export function findTools(
  names: readonly ToolName[],
  options: FindOptions = {},
): ReadonlyMap<ToolName, Promise<FoundTool>> {
  const startedAt = Date.now();
  const env = options.env ?? process.env;
  const { signal } = options;
  // Every tool's commands and downloads listen to the one signal.
  if (signal !== undefined) setMaxListeners(0, signal);
  const workshop: Workshop = { root: cacheRoot(env), env, downloader: new Downloader(env, signal), signal };
  const found = new Map<ToolName, Promise<FoundTool>>();
  for (const [position, tool] of [...new Set(names)].entries()) {
    const tell = (step: ToolStep, detail: string, more: Pick<ToolProgress, 'found' | 'error'> = {}) =>
      options.onProgress?.({ tool, step, detail, elapsedMs: Date.now() - startedAt, ...more });
    const progress = throttled(tell, progressEveryMs);
    const promise = findOne(workshop, recipes[tool], progress.report, -position).then(
      (ready) => {
        progress.stop();
        tell('ready', `${ready.version} from ${ready.source}`, { found: ready });
        return ready;
      },
      (cause: unknown) => {
        progress.stop();
        const error = asSightlineError(tool, cause, workshop);
        tell('failed', error.message, { error });
        throw error;
      },
    );
    promise.catch(() => undefined);
    found.set(tool, promise);
  }
  void Promise.allSettled(found.values()).then(() => workshop.downloader.close());
  return found;
}

/** Where each tool would come from now, without installing anything. */
export async function locateTool(
  tool: ToolName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly found?: FoundTool; readonly passedOver?: string; readonly otherwise: string }> {
  const recipe = recipes[tool];
  const platform = platformOf(process.platform, process.arch);
  const otherwise = [
    ...(recipe.maven === undefined ? [] : ['Maven']),
    ...(platform !== undefined && recipe.release(platform) === undefined ? [] : ['release']),
    ...(recipe.go === undefined ? [] : ['Go build']),
    ...(recipe.debianPackage === undefined ? [] : ["Debian's package"]),
  ].join(', else ');
  const onPath = await lookOnPath(recipe, env);
  if (!('passedOver' in onPath)) return { found: onPath, otherwise };
  const cached = await readCache(cacheRoot(env), recipe);
  return { ...(cached === undefined ? {} : { found: cached }), passedOver: onPath.passedOver, otherwise };
}

async function findOne(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
  priority: number,
): Promise<FoundTool> {
  const { root, env, signal } = workshop;
  signal?.throwIfAborted();
  const java = recipe.java === undefined ? undefined : await usableJava(recipe.java, env, signal);
  if (typeof java === 'object') throw notHad(workshop, recipe, [java]);
  report('looking', 'on PATH and in the cache');
  const onPath = await lookOnPath(recipe, env, signal);
  if (!('passedOver' in onPath)) return onPath;
  report('looking', onPath.passedOver);
  const cached = await readCache(root, recipe);
  if (cached !== undefined) return cached;
  await ensureCacheRoot(root);
  await removeLeftovers(root);
  return withLock(
    root,
    cacheKey(recipe),
    {
      alreadyDone: () => readCache(root, recipe),
      onWait: () => report('waiting', 'another run is getting it'),
      signal,
    },
    () => obtain(workshop, recipe, report, priority, onPath.passedOver),
  );
}

/** Tries the ways in their order until one leads to the tool. */
async function obtain(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
  priority: number,
  notOnPath: string,
): Promise<FoundTool> {
  const asBinary = [
    () => fromRelease(workshop, recipe, report),
    () => fromGoModule(workshop, recipe, report, priority),
  ];
  const ways: readonly (() => Promise<FoundTool | Miss>)[] = [
    ...(recipe.maven === undefined ? asBinary : [() => fromMaven(workshop, recipe, report)]),
    ...(recipe.debianPackage === undefined ? [] : [() => fromDebianPackage(workshop, recipe, report)]),
  ];
  const misses: Miss[] = [{ missed: notOnPath }, { missed: 'not in the cache' }];
  for (const way of ways) {
    const result = await way();
    if (!('missed' in result)) return result;
    misses.push(result);
    report('looking', result.missed);
  }
  throw notHad(workshop, recipe, misses);
}

function notHad(workshop: Workshop, recipe: Recipe, misses: readonly Miss[]): SightlineError {
  const fixes = [
    ...new Set(misses.flatMap((miss) => miss.fix ?? [])),
    `put ${recipe.tool} ${acceptedRange(recipe.product)} on PATH`,
  ];
  return new SightlineError('SL1201', {
    what: `${recipe.tool} ${recipe.product.version} could not be had: ${misses.map((miss) => miss.missed).join('; ')}`,
    where: workshop.root,
    fix: fixes.join('; or '),
  });
}

function asSightlineError(tool: ToolName, cause: unknown, { root, signal }: Workshop): SightlineError {
  if (cause instanceof SightlineError) return cause;
  if (signal?.aborted === true) {
    return new SightlineError('SL1206', {
      what: `Getting ${tool} was cancelled`,
      where: tool,
      fix: 'run the command again; what was finished is in the cache',
      cause,
    });
  }
  if (isDiskTrouble(cause)) return notWritable(root, cause);
  return new SightlineError('SL1201', {
    what: `${tool} could not be had: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: tool,
    fix: `put ${tool} ${acceptedRange(recipes[tool].product)} on PATH`,
    cause,
  });
}
