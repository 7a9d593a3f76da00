import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { executableOnPath } from './path-lookup.ts';
import type { FoundTool, Miss, Report } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { runCommand } from './run-command.ts';
import { installWith, type Workshop } from './workshop.ts';

/** Cold, Maven fetches its own plugin too: some 340 files, 20 s with a near repository. */
const mavenTimeoutMs = 10 * 60_000;

/**
 * The jars that the pom in this repository names, and all that they need, laid out as in the tool's own distribution:
 * `libs/*.jar` and a script in `bin/`. Maven's own settings decide where they come from, and it refuses a jar without
 * the checksum that was published with it.
 * @throws {SightlineError} SL1202 when a checksum differs: that may be tampering; SL1203 when the tool does not run.
 */
export async function fromMaven(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
): Promise<FoundTool | Miss> {
  const { maven } = recipe;
  if (maven === undefined) return { missed: 'it is not published as jars' };
  const mvn = await executableOnPath('mvn', workshop.env);
  if (mvn === undefined) {
    return { missed: 'no Maven on PATH to get its jars with', fix: 'install Maven (Debian: maven)' };
  }
  const sources = join(import.meta.dirname, 'maven', maven.project);
  return installWith(workshop, recipe, 'maven', report, async (directory) => {
    report('downloading', 'finding out which jars it needs');
    let files = 0;
    const copied = await runCommand(mvn, mavenArguments(sources, join(directory, 'libs')), {
      cwd: workshop.root,
      env: workshop.env,
      timeoutMs: mavenTimeoutMs,
      signal: workshop.signal,
      onLine: (line) => {
        if (/^\[INFO\] Downloaded /.test(line)) report('downloading', `${++files} files by Maven`);
      },
    });
    workshop.signal?.throwIfAborted();
    if (copied.exitCode !== 0) return failed(recipe, copied);
    await mkdir(join(directory, 'bin'));
    const binary = join('bin', maven.script);
    await copyFile(join(sources, maven.script), join(directory, binary));
    return { binary, origin: `${maven.artifact}:${recipe.product.version}` };
  });
}

function mavenArguments(sources: string, libs: string): readonly string[] {
  return [
    '--batch-mode',
    '--strict-checksums',
    '--file',
    join(sources, 'pom.xml'),
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${libs}`,
  ];
}

function failed(recipe: Recipe, result: { readonly output: string; readonly timedOut: boolean }): Miss {
  const reason = result.timedOut ? 'it took too long' : mavenFailure(result.output);
  if (/checksum validation failed/i.test(reason)) {
    throw new SightlineError('SL1202', {
      what: `Maven refused a jar of ${recipe.tool}: ${reason}`,
      where: 'the repository that Maven is set to use',
      fix: 'try again; when it stays so, a proxy or mirror changes the file or it was tampered with',
    });
  }
  return {
    missed: `Maven failed: ${reason}`,
    fix: 'let Maven reach a repository (its settings.xml names mirrors and proxies)',
  };
}

/** The first thing that Maven calls an error, without the addresses that follow it. */
function mavenFailure(output: string): string {
  const errors = output.split('\n').flatMap((line) => /^\[ERROR\] (.*\S)/.exec(line)?.[1] ?? []);
  return (errors.find((line) => /checksum/i.test(line)) ?? errors[0] ?? 'it ended without saying why').slice(
    0,
    300,
  );
}
