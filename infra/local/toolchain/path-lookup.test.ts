import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executableOnPath, lookOnPath } from './path-lookup.ts';
import { recipes } from './recipes.ts';
import { sandbox, writeScript } from './testing.ts';

test('a compatible tool on PATH is found by running it', async () => {
  const { bin, env } = await sandbox();
  const path = await writeScript(join(bin, 'loki'), 'echo "loki, version 3.6.9 (branch: x)"');
  expect(await lookOnPath(recipes.loki, env)).toEqual({
    name: 'loki',
    version: '3.6.9',
    path,
    source: 'path',
  });
});

test("Debian's name of a tool is known", async () => {
  const { bin, env } = await sandbox();
  const path = await writeScript(
    join(bin, 'prometheus-node-exporter'),
    'echo "node_exporter, version 1.12.4" >&2',
  );
  expect(await lookOnPath(recipes.node_exporter, env)).toMatchObject({ path, version: '1.12.4' });
});

test.each([
  ['another minor version', 'echo "loki, version 3.5.1"', 'is 3.5.1, wanted 3.6.x'],
  ['no version', 'echo "loki, version  (branch: )"', 'reports no version, wanted 3.6.x'],
  ['a failing command', 'echo "loki, version 3.6.4"; exit 1', 'reports no version'],
])('%s is passed over, with the reason', async (_what, script, reason) => {
  const { bin, env } = await sandbox();
  await writeScript(join(bin, 'loki'), script);
  expect(await lookOnPath(recipes.loki, env)).toEqual({ passedOver: expect.stringContaining(reason) });
});

test('neither a directory nor a file that is not executable counts', async () => {
  const { directory, bin, env } = await sandbox();
  await mkdir(join(bin, 'loki'));
  await mkdir(join(directory, 'second'));
  await writeFile(join(directory, 'second', 'loki'), 'text');
  const third = await writeScript(join(directory, 'third', 'loki'), 'true');
  const PATH = [bin, '', join(directory, 'second'), join(directory, 'third')].join(':');
  expect(await executableOnPath('loki', { ...env, PATH })).toBe(third);
  expect(await lookOnPath(recipes.loki, env)).toEqual({ passedOver: 'not on PATH' });
});
