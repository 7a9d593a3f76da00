import { execFile } from 'node:child_process';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { productVersions } from '../../versions.ts';
import { cacheKey } from './cache.ts';
import { recipes } from './recipes.ts';
import { releaseOf, releaseServer, sandbox, serveRelease, zipOf } from './testing.ts';
import { type FoundTool, findTools } from './toolchain.ts';

const entry = pathToFileURL(join(import.meta.dirname, 'toolchain.ts')).href;
const script = `const { findTools } = await import('${entry}');
const found = await findTools(['loki']).get('loki');
process.stdout.write(JSON.stringify(found));`;

/** findTools(['loki']) in a Node process of its own. */
async function otherProcess(env: NodeJS.ProcessEnv): Promise<FoundTool> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env,
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

const archive = zipOf({ [releaseOf('loki').entry]: `echo "loki, version ${productVersions.loki.version}"` });

test('of three processes at once one installs, and the others wait and find it in the cache', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', archive);
  server.serve(releaseOf('loki').archivePath, (answer) => {
    answer.writeHead(200, { 'content-length': archive.length });
    answer.write(archive.subarray(0, 10));
    // Long enough that the others arrive while the first one is still downloading.
    void delay(1_500).then(() => answer.end(archive.subarray(10)));
  });
  const found = await Promise.all([otherProcess(box.env), otherProcess(box.env), otherProcess(box.env)]);
  expect(found.map(({ source }) => source).sort()).toEqual(['cache', 'cache', 'release']);
  expect(new Set(found.map(({ path }) => path)).size).toBe(1);
  expect(server.requests.filter((path) => path === releaseOf('loki').archivePath)).toHaveLength(1);
});

test('the lock of a process that died is taken over', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', archive);
  const lock = join(box.cache, `${cacheKey(recipes.loki)}.lock`);
  await mkdir(lock, { recursive: true });
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(lock, aMinuteAgo, aMinuteAgo);
  await expect(findTools(['loki'], { env: box.env }).get('loki')).resolves.toMatchObject({
    source: 'release',
  });
});
