import { join } from 'node:path';
import { executableOnPath } from './path-lookup.ts';
import type { Miss } from './progress.ts';
import { runCommand } from './run-command.ts';

/** The major version in what `java -version` prints; Java 8 calls itself 1.8. Undefined where there is none. */
export function javaMajor(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? undefined : Number(match[1]);
}

/** The Java of JAVA_HOME, else the one on PATH; or, where it is missing or older than `needed`, why that will not do. */
export async function usableJava(
  needed: number,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | Miss> {
  const fix = `install Java ${needed} or newer (Debian: openjdk-17-jre-headless), or point JAVA_HOME at one`;
  const PATH = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin') : env.PATH;
  const java = await executableOnPath('java', { PATH });
  if (java === undefined) return { missed: `no Java ${env.JAVA_HOME ? 'in JAVA_HOME' : 'on PATH'}`, fix };
  const { output } = await runCommand(java, ['-version'], { env, timeoutMs: 15_000, signal });
  const major = javaMajor(output);
  if (major !== undefined && major >= needed) return java;
  const found = major === undefined ? 'reports no version' : `is version ${major}`;
  return { missed: `${java} ${found}, and ${needed} or newer is needed`, fix };
}
