import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { productVersions, type ToolName } from '../../versions.ts';
import { recipes } from './recipes.ts';
import {
  releaseOf,
  releaseServer,
  type Sandbox,
  sandbox,
  serveRelease,
  sha256,
  tarOf,
  writeScript,
  zipOf,
} from './testing.ts';
import { type FoundTool, findTools, locateTool, type ToolProgress } from './toolchain.ts';

const loki = productVersions.loki.version;
const says = (tool: string, version: string) => `echo "${tool}, version ${version} (branch: HEAD)"`;

/** Gets one tool and gives the promise, with all progress that is made meanwhile. */
function get(tool: ToolName, box: Sandbox, signal?: AbortSignal) {
  const progress: ToolProgress[] = [];
  const found = findTools([tool], {
    env: box.env,
    onProgress: (now) => progress.push(now),
    ...(signal === undefined ? {} : { signal }),
  }).get(tool);
  if (found === undefined) throw new Error(`findTools gave nothing for ${tool}`);
  return { found, progress };
}

/** What is left in the cache's directory that is not a finished tool. */
async function leftovers(box: Sandbox): Promise<string[]> {
  return (await readdir(box.cache)).filter((name) => /^(tmp|probe)-|\.lock$/.test(name));
}

async function lokiZip(body = says('loki', loki)): Promise<Buffer> {
  return zipOf({ [releaseOf('loki').entry]: body, LICENSE: 'not wanted' });
}

test('a zip release is downloaded, verified, unpacked, recorded, and found in the cache from then on', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const archive = await lokiZip();
  serveRelease(server, 'loki', archive);
  const { found, progress } = get('loki', box);
  const path = join(box.cache, `${basename(dirname((await found).path))}`, basename((await found).path));
  expect(await found).toEqual({ name: 'loki', version: loki, path, source: 'release' });
  expect(progress.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['looking', 'downloading', 'verifying', 'unpacking', 'installing', 'ready']),
  );
  expect(progress.at(-1)).toMatchObject({ step: 'ready', found: { path } });
  const record = JSON.parse(await readFile(join(dirname(path), 'tool.json'), 'utf8'));
  expect(record).toMatchObject({ source: 'release', version: loki, sha256: sha256(await readFile(path)) });
  expect(record.origin).toBe(`${server.url}${releaseOf('loki').archivePath}`);
  expect(await readdir(dirname(path))).toHaveLength(2);
  expect(await leftovers(box)).toEqual([]);

  const asked = server.requests.length;
  expect(await get('loki', box).found).toEqual({ name: 'loki', version: loki, path, source: 'cache' });
  expect(server.requests).toHaveLength(asked);
});

test('of a tar.gz release only the wanted binary is taken', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const { version } = productVersions.prometheus;
  const release = releaseOf('promtool');
  const archive = await tarOf({
    [release.entry]: says('promtool', version),
    [`${dirname(release.entry)}/prometheus`]: says('prometheus', version),
    [`${dirname(release.entry)}/console/promtool`]: 'echo a decoy',
  });
  serveRelease(server, 'promtool', archive);
  const { path } = await get('promtool', box).found;
  expect((await readdir(dirname(path))).sort()).toEqual(['promtool', 'tool.json']);
});

test('of Grafana the whole tree is taken, and its checksum file is one bare digest', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const release = releaseOf('grafana');
  const archive = await tarOf({
    'grafana-x/bin/grafana': `echo "grafana version ${productVersions.grafana.version}"`,
    'grafana-x/public/index.html': 'page',
  });
  server.serve(release.archivePath, archive);
  server.serve(release.checksumPath, sha256(archive));
  const { path } = await get('grafana', box).found;
  const home = dirname(dirname(path));
  expect((await readdir(home)).sort()).toEqual(['bin', 'public', 'tool.json']);
});

test('a wrong checksum is an error that names both, and nothing is tried in its place', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const goWasRun = join(box.directory, 'go-was-run');
  await writeScript(join(box.bin, 'go'), `: > ${goWasRun}; echo go1.99.0; echo local`);
  const archive = await lokiZip('echo malware');
  serveRelease(server, 'loki', archive, 'c'.repeat(64));
  const { found, progress } = get('loki', box);
  await expect(found).rejects.toMatchObject({
    code: 'SL1202',
    what: expect.stringMatching(`${sha256(archive)}.*${'c'.repeat(64)}`),
    fix: expect.stringContaining('try again'),
  });
  expect(progress.at(-1)).toMatchObject({ step: 'failed', error: { code: 'SL1202' } });
  expect(await readdir(box.cache)).toEqual([]);
  expect(await readdir(box.directory)).not.toContain('go-was-run');
});

test.each([
  ['no checksum file', 'answered 404'],
  ['a checksum file without this archive', 'has no checksum of loki-'],
  ['a download that breaks off', 'broke off'],
])('with %s the release is not used, and the error says so', async (what, reason) => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const release = releaseOf('loki');
  const archive = await lokiZip();
  serveRelease(server, 'loki', archive);
  if (what === 'no checksum file')
    server.serve(release.checksumPath, (answer) => answer.writeHead(404).end());
  if (what.startsWith('a checksum file')) server.serve(release.checksumPath, `${sha256('x')}  other.zip\n`);
  if (what.endsWith('breaks off')) {
    server.serve(release.archivePath, (answer) => {
      answer.writeHead(200, { 'content-length': archive.length });
      answer.write(archive.subarray(0, archive.length / 2), () => answer.destroy());
    });
  }
  await expect(get('loki', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringContaining(reason),
  });
  expect(await leftovers(box)).toEqual([]);
});

test.each([
  ['no binary in it', () => zipOf({ README: 'nothing' }), 'SL1208'],
  [
    'a path that leads out of the archive',
    () => zipOf({ [`../${releaseOf('loki').entry}`]: 'true' }),
    'SL1208',
  ],
  ['another version in it', () => zipOf({ [releaseOf('loki').entry]: says('loki', '3.6.99') }), 'SL1203'],
  ['a binary that does not run', () => zipOf({ [releaseOf('loki').entry]: 'echo broken; exit 3' }), 'SL1203'],
  ['garbage', () => Buffer.from('this is no archive'), 'SL1208'],
])('a release with %s is refused', async (_what, archive, code) => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', archive());
  await expect(get('loki', box).found).rejects.toMatchObject({ code });
  expect(await readdir(box.cache)).toEqual([]);
});

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
  serveRelease(server, 'loki', await lokiZip());
  const { found, progress } = get('loki', box);
  expect((await found).source).toBe('release');
  expect(progress.map(({ detail }) => detail)).toContainEqual(
    expect.stringContaining('is 2.9.0, wanted 3.6.x'),
  );
});

test('a damaged cache entry is replaced', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', await lokiZip());
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
  serveRelease(server, 'loki', await lokiZip());
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

async function isRunning(pid: number): Promise<boolean> {
  // A killed process whose parent has not collected it yet is a zombie: it does not run.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status !== undefined) return status.split(') ')[1]?.[0] !== 'Z';
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}

test('locating a tool installs nothing', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  serveRelease(server, 'loki', await lokiZip());
  expect(await locateTool('loki', box.env)).toEqual({
    passedOver: 'not on PATH',
    otherwise: 'release, else Go build',
  });
  const { path } = await get('loki', box).found;
  expect(await locateTool('loki', box.env)).toMatchObject({ found: { path, source: 'cache' } });
});
