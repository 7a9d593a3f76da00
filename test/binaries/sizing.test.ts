import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEnvironment } from '../../infra/config.ts';
import { renderLoki } from '../../infra/render/loki.ts';
import { logCompression } from '../../infra/sizing/storage.ts';
import { freePorts } from '../support/ports.ts';
import { startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const megabytes = 16;
const linesOfPush = 2000;

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-sizing-'));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

/** As the services write it: what differs between lines are ids, the time and numbers. */
const line = (at: number): string =>
  JSON.stringify({
    timestamp: `${new Date(at).toISOString().slice(0, -1)}${randomInt(100, 999)}Z`,
    level: 'INFO',
    logger: 'backend.http',
    message: 'request completed',
    request_id: randomUUID(),
    user_id: `user-${randomInt(5000)}`,
    trace_id: randomBytes(16).toString('hex'),
    span_id: randomBytes(8).toString('hex'),
    method: 'GET',
    route: '/api/tasks/:id',
    status: 200,
    duration_ms: randomInt(1, 90_000) / 100,
  });

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0);
}

/** Again where a stalled disk made Loki end the connection: it keeps a line that comes twice once. */
const pushed = (url: string, body: string): Promise<boolean> =>
  waitFor('a push', async () => {
    const answer = await fetch(`${url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scope-orgid': 'platform' },
      body,
    });
    expect(answer.status).toBe(204);
    return true;
  });

it('a real Loki keeps lines of the services in less disk than is reckoned with', async () => {
  const [port = 0, grpcPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const config = readEnvironment('local');
  const urls = { prometheus: '', alertmanager: '', loki: url, dashboards: '', explore: '', runbooks: '' };
  const dataDir = join(dir, 'data');
  await mkdir(join(dir, 'rules'));
  await writeFile(
    join(dir, 'loki.yaml'),
    renderLoki(
      { config, timeScale: 1, urls },
      {
        dataDir,
        listen: { host: '127.0.0.1', port, grpcPort },
        ruler: { rulesDir: join(dir, 'rules'), alertmanager: '127.0.0.1:1' },
      },
    ),
  );
  const loki = startTool(await toolPath('loki'), [`-config.file=${join(dir, 'loki.yaml')}`]);
  let written = 0;
  try {
    await waitFor('Loki', async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));
    const start = Date.now() - 600_000;
    for (let push = 0; written < megabytes * 1e6; push += 1) {
      const values = Array.from({ length: linesOfPush }, (_, index) => {
        const at = start + push * linesOfPush + index;
        return [`${at}000000`, line(at)];
      });
      written += values.reduce((sum, [, text = '']) => sum + text.length, 0);
      await pushed(
        url,
        JSON.stringify({ streams: [{ stream: { service: 'backend-api', level: 'INFO' }, values }] }),
      );
    }
  } finally {
    // It writes what it holds in memory before it ends.
    await loki.stop();
  }
  const kept = await bytesBelow(join(dataDir, 'chunks'));
  console.log(
    `${(written / 1e6).toFixed(1)} MB of lines in ${(kept / 1e6).toFixed(1)} MB: ${(written / kept).toFixed(1)} to 1`,
  );
  expect(kept).toBeGreaterThan(written / 20);
  expect(written / kept).toBeGreaterThanOrEqual(logCompression);
});
