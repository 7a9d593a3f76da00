import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import type { FoundTool } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { runCommand } from './run-command.ts';
import { acceptedRange, isCompatible, versionInOutput } from './version-match.ts';

/** The first executable file of that name on PATH, absolute. */
export async function executableOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    if (directory === '') continue;
    const candidate = resolve(join(directory, name));
    try {
      await access(candidate, constants.X_OK);
      if ((await stat(candidate)).isFile()) return candidate;
    } catch {
      // Not there, or not executable: the next directory.
    }
  }
  return undefined;
}

/** The version that a binary reports, and what it printed. It has 10 s to answer. */
export async function reportedVersion(
  { versionArguments = ['--version'] }: Recipe,
  path: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ readonly version: string | undefined; readonly output: string }> {
  const result = await runCommand(path, versionArguments, {
    env,
    timeoutMs: 10_000,
    signal,
    outputLimit: 2_000,
  });
  const output = result.timedOut
    ? `it did not answer ${versionArguments.join(' ')} within 10 s`
    : result.output.trim();
  return { version: result.exitCode === 0 ? versionInOutput(output) : undefined, output };
}

/** The tool on PATH at a compatible version, or, where there is one of another version, why it was passed over. */
export async function lookOnPath(
  recipe: Recipe,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<FoundTool | { readonly passedOver: string }> {
  const passedOver: string[] = [];
  const home = recipe.homeVariable === undefined ? undefined : env[recipe.homeVariable];
  const PATH = [home ? join(home, 'bin') : '', env.PATH ?? ''].join(delimiter);
  for (const name of recipe.pathNames) {
    const path = await executableOnPath(name, { PATH });
    if (path === undefined) continue;
    const { version } = await reportedVersion(recipe, path, env, signal);
    if (version !== undefined && isCompatible(version, recipe.product)) {
      return { name: recipe.tool, version, path, source: 'path' };
    }
    const found = version === undefined ? 'reports no version' : `is ${version}`;
    passedOver.push(`${path} ${found}, wanted ${acceptedRange(recipe.product)}`);
  }
  return { passedOver: passedOver.length > 0 ? passedOver.join('; ') : 'not on PATH' };
}
