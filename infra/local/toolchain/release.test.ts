import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { productVersions } from '../../versions.ts';
import { recipes } from './recipes.ts';
import {
  get,
  leftovers,
  lokiRelease,
  releaseOf,
  releaseServer,
  sandbox,
  says,
  serveRelease,
  sha256,
  tarOf,
  temporaryDirectory,
  writeScript,
  zipOf,
} from './testing.ts';
import { unpackRelease } from './unpack.ts';

const loki = productVersions.loki.version;

test('a zip release is downloaded, verified, unpacked, recorded, and found in the cache from then on', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const archive = lokiRelease();
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

test('an archive without a top directory, and a release that is the bare binary', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const dapr = productVersions.dapr.version;
  serveRelease(server, 'daprd', await tarOf({ daprd: `echo ${dapr}`, LICENSE: 'not wanted' }));
  expect(await get('daprd', box).found).toMatchObject({ version: dapr, source: 'release' });
});

test('a release that is the bare binary is taken as it is', async () => {
  const release = recipes['kube-apiserver'].release({ os: 'linux', arch: 'amd64' });
  if (release === undefined) throw new Error('Kubernetes publishes its servers for Linux');
  const directory = await temporaryDirectory();
  const downloaded = await writeScript(join(directory, 'archive'), 'echo Kubernetes v1.0.0');
  const binary = await unpackRelease(downloaded, release, join(directory, 'out'));
  expect(await readFile(join(directory, 'out', binary))).toEqual(await readFile(downloaded));
});

test('of what is published as an image only, the error says so', async () => {
  const box = await sandbox();
  await expect(get('kube-state-metrics', box).found).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringContaining('no release of kube-state-metrics is published for'),
  });
});

test('a wrong checksum is an error that names both, and nothing is tried in its place', async () => {
  const server = await releaseServer();
  const box = await sandbox(server.url);
  const goWasRun = join(box.directory, 'go-was-run');
  await writeScript(join(box.bin, 'go'), `: > ${goWasRun}; echo go1.99.0; echo local`);
  const archive = lokiRelease('echo malware');
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
  const archive = lokiRelease();
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
