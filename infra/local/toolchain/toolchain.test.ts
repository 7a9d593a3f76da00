import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { productVersions } from '../../versions.ts';
import { recipes } from './recipes.ts';
import {
  get,
  isRunning,
  lokiRelease,
  releaseOf,
  releaseServer,
  sandbox,
  says,
  serveRelease,
  writeScript,
} from './testing.ts';
import { type FoundTool, findTools, locateTool, type ToolProgress } from './toolchain.ts';

test('without Go and without a network the error names both fixes', async () => {
  const box = await sandbox();
  const started = Date.now();
  await expect(get('loki', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringMatching(/not on PATH.*could not be reached \(ECONNREFUSED\).*no Go on PATH/),
    fix: expect.stringMatching(
      /connect to the network.*install Go 1\.\d+\.\d+ or newer.*put loki 3\.6\.x on PATH/,
    ),
  });
  expect(Date.now() - started).toBeLessThan(5_000);
});

test('a base of releases that is no URL is named', async () => {
  const box = await sandbox('mirror.example');
  await expect(get('loki', box).found).rejects.toMatchObject({
    what: expect.stringContaining('SIGHTLINE_RELEASES_URL is no URL ("mirror.example")'),
    fix: expect.stringContaining('correct or unset SIGHTLINE_RELEASES_URL'),
  });
});

test('a Go that is too old is named with its version', async () => {
  const box = await sandbox();
  await writeScript(join(box.bin, 'go'), 'echo go1.20.3; echo');
  await expect(get('prometheus', box).found).rejects.toMatchObject({
    what: expect.stringContaining(`Go 1.20.3 at ${box.bin}/go is too old`),
    fix: expect.stringContaining('install Go'),
  });
});

test('what cannot be built says why, and one tool failing leaves the others alone', async () => {
  const box = await sandbox();
  await writeScript(join(box.bin, 'amtool'), says('amtool', productVersions.alertmanager.version));
  const found = findTools(['grafana', 'amtool'], { env: box.env });
  await expect(found.get('amtool')).resolves.toMatchObject({ source: 'path' } satisfies Partial<FoundTool>);
  await expect(found.get('grafana')).rejects.toThrow(recipes.grafana.whyNoBuild);
});

test('an incompatible version on PATH is passed over, and progress says so', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  await writeScript(join(box.bin, 'loki'), says('loki', '2.9.0'));
  serveRelease(server, 'loki', lokiRelease());
  const { found, progress } = get('loki', box);
  expect((await found).source).toBe('release');
  expect(progress.map(({ detail }) => detail)).toContainEqual(
    expect.stringContaining('is 2.9.0, wanted 3.6.x'),
  );
});

test('a damaged cache entry is replaced', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', lokiRelease());
  const { path } = await get('loki', box).found;
  await writeFile(path, 'cut short');
  expect(await get('loki', box).found).toMatchObject({ path, source: 'release' });
  expect(await readFile(path, 'utf8')).toContain('version');
});

test('a cache that cannot be written is named', async () => {
  const box = await sandbox();
  await writeFile(join(box.directory, 'file'), '');
  const env = { ...box.env, XDG_CACHE_HOME: join(box.directory, 'file') };
  await expect(findTools(['loki'], { env }).get('loki')).rejects.toMatchObject({
    code: 'SL1204',
    fix: expect.stringContaining('XDG_CACHE_HOME'),
  });
});

test('aborting in the middle of a download rejects, and leaves neither files nor a lock', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', lokiRelease());
  server.serve(releaseOf('loki').archivePath, (answer) => {
    answer.writeHead(200, { 'content-length': '1000000' }).write('the first bytes');
  });
  const cancel = new AbortController();
  const { found, progress } = get('loki', box, cancel.signal);
  while (!progress.some(({ detail }) => detail.includes('of 1.0 MB'))) await delay(5);
  cancel.abort();
  await expect(found).rejects.toMatchObject({ code: 'SL1206' });
  expect(await readdir(box.cache)).toEqual([]);
});

test('builds run two at once, one of a module, and those that wait go in the order of need', async () => {
  const box = await sandbox();
  const [log, open] = [join(box.directory, 'log'), join(box.directory, 'open')];
  // A Go whose builds last until the gate is opened, and that writes down when each starts and ends.
  await writeScript(
    join(box.bin, 'go'),
    `case "$1" in
env) echo go1.99.0; echo local ;;
build) while [ "$1" != -o ]; do shift; done; tool=$(/usr/bin/basename "$2")
  echo "start $tool" >> ${log}; while [ ! -e ${open} ]; do /bin/sleep 0.05; done; echo "end $tool" >> ${log}; exit 1 ;;
esac`,
  );
  const lines = async () => (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  const first = findTools(['logcli', 'amtool'], { env: box.env });
  while ((await lines()).length < 2) await delay(10);
  const waiting = new Set<string>();
  const onProgress = ({ tool, step }: ToolProgress) => void (step === 'waiting' && waiting.add(tool));
  const second = findTools(['loki', 'promtail', 'prometheus'], { env: box.env, onProgress });
  while (waiting.size < 3) await delay(10);
  await writeFile(open, '');
  await Promise.allSettled([...first.values(), ...second.values()]);

  const order = await lines();
  expect(order).toHaveLength(10);
  const ofLoki = order.filter((line) => /logcli|loki|promtail/.test(line));
  expect(ofLoki).toEqual(['logcli', 'loki', 'promtail'].flatMap((tool) => [`start ${tool}`, `end ${tool}`]));
  let running = 0;
  const atOnce = order.map((line) => {
    running += line.startsWith('start') ? 1 : -1;
    return running;
  });
  expect(Math.max(...atOnce)).toBe(2);
});

test('aborting ends a build and its children', async () => {
  const box = await sandbox();
  const pidFile = join(box.directory, 'pid');
  const fakeGo = `if [ "$1" = env ]; then echo go1.99.0; echo local; exit; fi
(while :; do /bin/sleep 1; done) & echo $! > ${pidFile}.new; /bin/mv ${pidFile}.new ${pidFile}; wait`;
  await writeScript(join(box.bin, 'go'), fakeGo);
  const cancel = new AbortController();
  const { found } = get('amtool', box, cancel.signal);
  const childPid = async () => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  while ((await childPid()) === 0) await delay(10);
  const pid = await childPid();
  cancel.abort();
  await expect(found).rejects.toMatchObject({ code: 'SL1206' });
  await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
});

test('locating a tool installs nothing', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', lokiRelease());
  expect(await locateTool('loki', box.env)).toEqual({
    passedOver: 'not on PATH',
    otherwise: 'release, else Go build',
  });
  const { path } = await get('loki', box).found;
  expect(await locateTool('loki', box.env)).toMatchObject({ found: { path, source: 'cache' } });
});
