import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { goDirective, goFailure, goIsTooOld, isModuleDownload, isPackageLine } from './go-output.ts';
import { withLock } from './lock.ts';
import { executableOnPath } from './path-lookup.ts';
import type { FoundTool, Miss, Report } from './progress.ts';
import type { GoRecipe, Recipe } from './recipe.ts';
import { runCommand } from './run-command.ts';
import { installWith, type Made, type Workshop } from './workshop.ts';

/** Milliseconds for all that is asked for together to line up, so that need and not chance decides who is first. */
const lineUpMs = 200;
const buildSlots = queueByNeed(2);
/** Tools of one module share most packages: built side by side they would compile them twice. */
const moduleQueues = new Map<string, PQueue>();
const listTimeoutMs = 15 * 60_000;
const buildTimeoutMs = 40 * 60_000;

function queueByNeed(concurrency: number): PQueue {
  const queue = new PQueue({ concurrency, autoStart: false });
  queue.on('add', () => {
    if (queue.isPaused) setTimeout(() => queue.start(), lineUpMs);
  });
  queue.on('idle', () => queue.pause());
  return queue;
}

function moduleQueue(module: string): PQueue {
  const queue = moduleQueues.get(module) ?? queueByNeed(1);
  moduleQueues.set(module, queue);
  return queue;
}

/**
 * Builds the tool from the Go module in this repository that pins it. At most two builds run at once in a process,
 * one a module on a machine; of those that wait, the highest priority goes first. A missing or too old Go, modules
 * that cannot be downloaded and a failed compilation are misses.
 * @throws {SightlineError} SL1203 when what was built does not run.
 */
export async function fromGoModule(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
  priority: number,
): Promise<FoundTool | Miss> {
  const { go } = recipe;
  if (go === undefined) return { missed: recipe.whyNoBuild ?? 'it cannot be built from source' };
  const directory = join(import.meta.dirname, 'go', go.module);
  const goBinary = await usableGo(workshop, directory);
  if (typeof goBinary !== 'string') return goBinary;
  const { signal } = workshop;
  report('waiting', 'for its turn to build (two at once, one of a module)');
  return moduleQueue(go.module).add(
    () =>
      withLock<FoundTool | Miss>(
        workshop.root,
        `go-${go.module}`,
        { signal, onWait: () => report('waiting', `another run is building from ${go.module}'s module`) },
        () =>
          buildSlots.add(
            () =>
              installWith(workshop, recipe, 'build', report, (temporary) =>
                build(workshop, recipe, { go, goBinary, directory, temporary }, report),
              ),
            { priority },
          ),
      ),
    { priority },
  );
}

/** The path of a Go that can build the module in that directory, or why there is none. */
async function usableGo(workshop: Workshop, directory: string): Promise<string | Miss> {
  const needed = goDirective(await readFile(join(directory, 'go.mod'), 'utf8')) ?? '1.0';
  const fix = `install Go ${needed} or newer`;
  const goBinary = await executableOnPath('go', workshop.env);
  if (goBinary === undefined) return { missed: 'no Go on PATH to build it with', fix };
  const { output } = await runCommand(goBinary, ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
    // Not in the module: there an older Go would refuse to answer, or fetch a newer one first.
    cwd: workshop.root,
    env: { ...workshop.env, GOWORK: 'off' },
    timeoutMs: 15_000,
    signal: workshop.signal,
  });
  const { version, tooOld } = goIsTooOld(output, needed);
  return tooOld ? { missed: `Go ${version} at ${goBinary} is too old to build it`, fix } : goBinary;
}

async function build(
  workshop: Workshop,
  recipe: Recipe,
  on: {
    readonly go: GoRecipe;
    readonly goBinary: string;
    readonly directory: string;
    readonly temporary: string;
  },
  report: Report,
): Promise<Made | Miss> {
  const { go, goBinary, directory } = on;
  const flags = [
    '-trimpath',
    '-mod=readonly',
    '-buildvcs=false',
    ...(go.tags.length > 0 ? ['-tags', go.tags.join(',')] : []),
    '-ldflags',
    `-s -w -X ${go.versionVariable}=${go.versionPrefix ?? ''}${recipe.product.version}`,
  ];
  const run = (args: readonly string[], timeoutMs: number, onLine: (line: string) => void) =>
    runCommand(goBinary, args, {
      cwd: directory,
      env: buildEnv(workshop.env),
      timeoutMs,
      onLine,
      ...signalOf(workshop),
    });

  report('building', 'finding out what there is to compile');
  let modules = 0;
  let total = 0;
  const listing = ['list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...flags, go.package];
  const listed = await run(listing, listTimeoutMs, (line) => {
    if (isModuleDownload(line)) report('building', `fetching Go modules, ${++modules} so far`);
    if (isPackageLine(line)) total += 1;
  });
  workshop.signal?.throwIfAborted();
  if (listed.exitCode !== 0) return failed(listed);

  let compiled = 0;
  const counted = () =>
    compiled >= total ? `linking (${total} packages)` : `${compiled} of ${total} packages`;
  report('building', counted());
  const target = join(on.temporary, recipe.tool);
  const built = await run(['build', '-v', ...flags, '-o', target, go.package], buildTimeoutMs, (line) => {
    if (!isPackageLine(line)) return;
    compiled += 1;
    report('building', counted());
  });
  workshop.signal?.throwIfAborted();
  if (built.exitCode !== 0) return failed(built);
  return { binary: recipe.tool, origin: `${go.package}@${recipe.product.goModule?.version ?? ''}` };
}

function signalOf(workshop: Workshop): { readonly signal?: AbortSignal } {
  return workshop.signal === undefined ? {} : { signal: workshop.signal };
}

/** The build must not be bent by what else is set up on the machine: another target, a workspace, a C compiler. */
function buildEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  // On macOS node_exporter's collectors need cgo, which Go turns on where there is a compiler.
  return { ...rest, GOWORK: 'off', ...(process.platform === 'linux' ? { CGO_ENABLED: '0' } : {}) };
}

function failed(result: { readonly output: string; readonly timedOut: boolean }): Miss {
  const reason = result.timedOut ? 'it took too long' : goFailure(result.output);
  return { missed: `the build failed: ${reason}`, fix: 'let Go reach its module proxy (see go env GOPROXY)' };
}
