import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cacheKey } from '../../infra/local/toolchain/cache.ts';
import { recipes } from '../../infra/local/toolchain/recipes.ts';
import {
  isRunning,
  releaseOf,
  releaseServer,
  sandbox,
  serveRelease,
  writeScript,
  zipOf,
} from '../../infra/local/toolchain/testing.ts';
import { type FoundTool, findTools } from '../../infra/local/toolchain/toolchain.ts';
import { productVersions } from '../../infra/versions.ts';

const entry = pathToFileURL(join(import.meta.dirname, '../../infra/local/toolchain/toolchain.ts')).href;
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

test('a disk that takes no more ends with the cache named, and nothing half-written in it', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', randomBytes(4_000_000));
  // A limit of 1 MB a file stands in for the full disk: writing beyond it fails in the same way, once the signal
  // that comes with it is caught.
  const limited = 'ulimit -f 2000; exec "$0" --input-type=module -e "$1"';
  const catching = `process.on('SIGXFSZ', () => undefined);\n${script}`;
  const failing = promisify(execFile)('/bin/sh', ['-c', limited, process.execPath, catching], {
    env: box.env,
  });
  await expect(failing).rejects.toThrow(/SL1204 .*EFBIG.* Fix: .*free some disk space/);
  expect(await readdir(box.cache)).toEqual([]);
});

test('a command does not outlive the run that started it, even when that exits without waiting', async () => {
  const box = await sandbox();
  const pidFile = join(box.directory, 'pid');
  await writeScript(
    join(box.bin, 'go'),
    `if [ "$1" = env ]; then echo go1.99.0; echo local; exit; fi
echo $$ > ${pidFile}.new; /bin/mv ${pidFile}.new ${pidFile}; while :; do /bin/sleep 1; done`,
  );
  const exits = `import { existsSync } from 'node:fs';
const { findTools } = await import('${entry}');
findTools(['loki']);
setInterval(() => existsSync('${pidFile}') && process.exit(0), 20);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', exits], { env: box.env });
  const pid = Number(await readFile(pidFile, 'utf8'));
  await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
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
