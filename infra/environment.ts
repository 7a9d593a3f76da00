import type { EnvironmentName } from './config/names.ts';
import { readEnvironment } from './config.ts';
import { composePath, renderCompose } from './docker/compose.ts';
import { type DockerPlan, planDocker } from './docker/plan.ts';
import { localStack, planLocal } from './local/plan.ts';
import { localPorts } from './local/ports.ts';
import { renderEnvironment } from './render/environment.ts';
import { buildEnvironment, type EnvironmentStack, type Stack } from './stack.ts';

/** The stack of an environment of the repository: with its target for local, without one for the others. */
export function environmentStack(name: EnvironmentName): EnvironmentStack | Stack {
  const config = readEnvironment(name);
  // Only the local stack has no addresses of its own: its ports give them.
  return config.urls ? buildEnvironment({ config, urls: config.urls }) : localStack(config, localPorts(0), 1);
}

/**
 * Every file of an environment of the repository, by path relative to `root`, which the files refer to. They depend on
 * nothing but the repository and the day: neither variables nor `.env` are looked at.
 */
export async function environmentFiles(
  name: EnvironmentName,
  root: string,
): Promise<ReadonlyMap<string, string>> {
  if (name === 'local')
    return (await planLocal({ portOffset: 0, stateDir: root, env: {}, timeScale: 1, inboxOnly: true })).files;
  if (name === 'docker') return dockerFiles(planDocker(readEnvironment(name)), '../..');
  return renderEnvironment(environmentStack(name), { root });
}

/** What compose needs beside secrets: its file, and below `config/` what the containers read, which name their own root. */
export const dockerFiles = (plan: DockerPlan, source: string): ReadonlyMap<string, string> =>
  new Map([[composePath, renderCompose(plan, source)], ...plan.files]);
