import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sandbox, writeScript } from '../../infra/local/toolchain/testing.ts';
import { productVersions, toolNames } from '../../infra/versions.ts';

const entry = pathToFileURL(join(import.meta.dirname, '../../cli/commands/toolchain.ts')).href;
const script = `const { toolchainCommand } = await import('${entry}');
await toolchainCommand().parseAsync(process.argv.slice(1), { from: 'user' }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});`;

async function run(env: NodeJS.ProcessEnv, ...args: string[]) {
  const command = ['--input-type=module', '-e', script, '--', ...args];
  try {
    const done = await promisify(execFile)(process.execPath, command, { env, timeout: 30_000 });
    return { ...done, code: 0 };
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error) || !('stderr' in error)) throw error;
    return { stdout: String(error.stdout), stderr: String(error.stderr), code: 1 };
  }
}

test('list --json says of every tool where it is or would come from', async () => {
  const box = await sandbox();
  const { version } = productVersions.alertmanager;
  const path = await writeScript(join(box.bin, 'amtool'), `echo "amtool, version ${version}"`);
  const { stdout } = await run(box.env, 'list', '--json');
  const rows: { tool: string }[] = JSON.parse(stdout);
  expect(rows.map(({ tool }) => tool)).toEqual([...toolNames]);
  expect(rows.find(({ tool }) => tool === 'amtool')).toMatchObject({
    found: { path, version, source: 'path' },
  });
  expect(rows.find(({ tool }) => tool === 'loki')).toMatchObject({ otherwise: 'release, else Go build' });
});

test('get ends with code 1 and the coded error, on plain lines, when a tool cannot be had', async () => {
  const box = await sandbox();
  const { code, stderr } = await run(box.env, 'get', 'loki');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^SL1201 loki .* Fix: /m);
  expect(stderr).not.toContain('\u001b');
});

test('a name that is no tool is refused with those that are', async () => {
  const box = await sandbox();
  const { code, stderr } = await run(box.env, 'get', 'lokki');
  expect(code).toBe(1);
  expect(stderr).toContain('SL1207 There is no tool "lokki"');
  expect(stderr).toContain('loki-canary');
});

test('the help has examples', async () => {
  const box = await sandbox();
  const { stdout } = await run(box.env, '--help');
  expect(stdout).toContain('npm run toolchain -- get loki promtail');
});
