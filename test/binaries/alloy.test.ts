import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { logAgent } from '../../infra/kubernetes/log-agents.ts';
import { repositoryRoot } from '../../infra/repository.ts';

const go = 'go';
const hasGo = spawnSync(go, ['version']).status === 0;

/** What Alloy's own parser and printer make of a configuration. */
async function formatted(config: string): Promise<{ code: number; output: string; complaint: string }> {
  const child = spawn(go, ['run', '.'], {
    cwd: join(repositoryRoot, 'test/support/alloy-syntax'),
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    stdio: 'pipe',
  });
  const ended = once(child, 'exit');
  child.stdin.end(config);
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode ?? -1, output, complaint };
}

const configOf = (environment: (typeof clusterEnvironments)[number]): string => {
  const context = clusterContext(environment);
  const alloy = { ...context, kubernetes: { ...context.kubernetes, agent: 'alloy' as const } };
  return logAgent(alloy, { state: '/state', passwordFile: '/secret' }).config[1];
};

// Needs Go: Alloy's parser is a Go module, and nothing else reads its language.
describe.skipIf(!hasGo)('Alloy’s configuration', () => {
  test.each(clusterEnvironments)(
    'of %s is read by Alloy’s parser, and is as `alloy fmt` writes it',
    {
      timeout: 300_000,
    },
    async (environment) => {
      const config = configOf(environment);
      const { code, output, complaint } = await formatted(config);
      expect(complaint).not.toMatch(/config\.alloy/);
      expect(code).toBe(0);
      expect(output).toBe(config);
    },
  );

  test('with a mistake is refused, with its line', { timeout: 300_000 }, async () => {
    const { code, complaint } = await formatted(configOf('dev').replace('stage.cri { }', 'stage.cri {'));
    expect(code).not.toBe(0);
    expect(complaint).toMatch(/config\.alloy:\d+/);
  });
});
