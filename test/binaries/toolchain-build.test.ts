import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { findTools, type ToolProgress } from '../../infra/local/toolchain/toolchain.ts';
import { productVersions } from '../../infra/versions.ts';

const run = promisify(execFile);
const directories: string[] = [];

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-build-'));
  directories.push(directory);
  return directory;
}

afterEach(async () => {
  // Go makes its module cache read-only.
  const remove = directories.splice(0).map(async (directory) => {
    await run('chmod', ['-R', 'u+w', directory]);
    await rm(directory, { recursive: true, force: true });
  });
  await Promise.all(remove);
});

/** The machine's PATH without anything but Go and the shell, releases that nobody serves, and an empty cache. */
async function goOnlyEnv(): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await run('which', ['go']);
  return {
    ...process.env,
    PATH: `${dirname(stdout.trim())}:/usr/bin:/bin`,
    XDG_CACHE_HOME: await temporaryDirectory(),
    SIGHTLINE_RELEASES_URL: 'http://127.0.0.1:2',
    // Go's own caches stay where they are although XDG_CACHE_HOME moves: that is where they would follow it.
    GOCACHE: (await run('go', ['env', 'GOCACHE'])).stdout.trim(),
    GOMODCACHE: (await run('go', ['env', 'GOMODCACHE'])).stdout.trim(),
  };
}

test('two tools of one module are built by the real Go, report the pinned version, and are cached', {
  timeout: 10 * 60_000,
}, async () => {
  const env = await goOnlyEnv();
  const { version } = productVersions.alertmanager;
  const progress: ToolProgress[] = [];
  const found = findTools(['amtool', 'alertmanager'], { env, onProgress: (now) => progress.push(now) });
  for (const [tool, promise] of found) {
    const had = await promise;
    expect(had).toMatchObject({ name: tool, version, source: 'build' });
    const { stdout, stderr } = await run(had.path, ['--version']);
    expect(stdout + stderr).toContain(`${tool}, version ${version} `);
    const record = JSON.parse(await readFile(join(dirname(had.path), 'tool.json'), 'utf8'));
    expect(record).toMatchObject({
      source: 'build',
      origin: expect.stringMatching(/\/cmd\/\w+@v0\.31\.\d+$/),
    });
  }
  expect(progress.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/\d+ of \d+|linking/));
  const second = await Promise.all(findTools(['amtool', 'alertmanager'], { env }).values());
  expect(second.map(({ source }) => source)).toEqual(['cache', 'cache']);
});

test('packages are counted while they are compiled', { timeout: 10 * 60_000 }, async () => {
  const env = { ...(await goOnlyEnv()), GOCACHE: await temporaryDirectory() };
  const cancel = new AbortController();
  const counts: string[] = [];
  const found = findTools(['node_exporter'], {
    env,
    signal: cancel.signal,
    onProgress: ({ detail }) => {
      if (/^\d+ of \d+ packages$/.test(detail)) counts.push(detail);
      // What is to be seen has been seen: the rest of a cold build would only cost time.
      if (counts.length >= 3) cancel.abort();
    },
  });
  await expect(found.get('node_exporter')).rejects.toMatchObject({ code: 'SL1206' });
  const compiled = counts.map((count) => Number.parseInt(count, 10));
  expect(compiled).toEqual(compiled.toSorted((a, b) => a - b));
  expect(Number(counts[0]?.split(' ')[2])).toBeGreaterThan(100);
});

test('Go without its module cache and without a network: one clear error with both fixes', {
  timeout: 60_000,
}, async () => {
  const env = { ...(await goOnlyEnv()), GOMODCACHE: await temporaryDirectory(), GOPROXY: 'off' };
  await expect(findTools(['amtool'], { env }).get('amtool')).rejects.toMatchObject({
    code: 'SL1201',
    what: expect.stringMatching(/could not be reached \(ECONNREFUSED\).*modules could not be downloaded/),
    fix: expect.stringMatching(/connect to the network.*GOPROXY.*put amtool .* on PATH/),
  });
});
