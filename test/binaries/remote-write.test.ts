import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { freePortOffset } from '../../infra/local/pick-ports.ts';
import { planLocal } from '../../infra/local/plan.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { listenLocally } from '../support/local-server.ts';
import { freePorts } from '../support/ports.ts';
import { startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const token = 'a-token-of-the-store';
let stateDir = '';
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'remote-write-'));
});
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

/** The local stack's files with samples sent to a store, its secret among them. */
async function renderedFor(url: string, portOffset: number) {
  const environment = join(stateDir, 'mine.yaml');
  const local = readFileSync(join(repositoryRoot, 'infra/environments/local.yaml'), 'utf8');
  const remoteWrite = {
    url,
    auth: { scheme: 'bearer' },
    queue: { capacity: 2000, maxShards: 1, maxSamplesPerSend: 500 },
    relabel: [
      { action: 'keep', labels: ['__name__'], regex: 'up|scrape_.+' },
      { action: 'labeldrop', regex: 'pod' },
    ],
  };
  writeFileSync(
    environment,
    local.replace('prometheus:\n', `prometheus:\n  remoteWrite: ${JSON.stringify(remoteWrite)}\n`),
  );
  const env = { SIGHTLINE_ENVIRONMENT_FILE: environment, REMOTE_WRITE_SECRET: token };
  const plan = await planLocal({ portOffset, stateDir, env, timeScale: 10 });
  for (const [path, text] of [...plan.files, ...plan.secretFiles])
    writeFileAtomically(join(stateDir, path), text);
  return plan;
}

test('the local stack refuses to send samples without its secret', async () => {
  await renderedFor('http://127.0.0.1:1/', 0);
  const env = { SIGHTLINE_ENVIRONMENT_FILE: join(stateDir, 'mine.yaml') };
  await expect(planLocal({ portOffset: 0, stateDir, env, timeScale: 1 })).rejects.toThrow(
    /SL1104 REMOTE_WRITE_SECRET is missing/,
  );
});

test('a real Prometheus sends what is kept, and nothing else, with its token', async () => {
  const portOffset = await freePortOffset();
  const [storePort = 0] = await freePorts(1);
  writeFileSync(join(stateDir, 'store.yml'), '');
  const store = startTool(await toolPath('prometheus'), [
    `--config.file=${join(stateDir, 'store.yml')}`,
    `--storage.tsdb.path=${join(stateDir, 'store')}`,
    `--web.listen-address=127.0.0.1:${storePort}`,
    '--web.enable-remote-write-receiver',
  ]);
  const seen = new Set<string | undefined>();
  const gate = createServer(async (request, response) => {
    seen.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const kept = ['content-type', 'content-encoding', 'x-prometheus-remote-write-version'];
    const headers = Object.fromEntries(kept.map((name) => [name, String(request.headers[name] ?? '')]));
    const answer = await fetch(`http://127.0.0.1:${storePort}/api/v1/write`, {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status).end(await answer.text());
  });
  const gatePort = await listenLocally(gate);
  const plan = await renderedFor(`http://127.0.0.1:${gatePort}/`, portOffset);
  const spec = plan.processes.find(({ name }) => name === 'prometheus');
  if (!spec || !('tool' in spec.run)) throw new Error('the plan has no Prometheus');

  const promtool = await toolPath('promtool');
  const { stdout } = await promisify(execFile)(promtool, [
    'check',
    'config',
    join(stateDir, 'config/prometheus.yml'),
  ]);
  expect(stdout).toContain('is valid prometheus config file syntax');
  expect([...plan.files.values()].join()).not.toContain(token);

  const prometheus = startTool(await toolPath('prometheus'), spec.run.args);
  onTestFinished(async () => {
    await prometheus.stop();
    await store.stop();
    gate.close().closeAllConnections();
  });
  const result = z.object({
    data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
  });
  const series = await waitFor('series in the store', async () => {
    const answer = await fetch(
      `http://127.0.0.1:${storePort}/api/v1/query?query=${encodeURIComponent('{__name__=~".+"}')}`,
    );
    const found = result.parse(await answer.json()).data.result.map(({ metric }) => metric);
    return found.some(({ __name__ }) => __name__ === 'up') ? found : undefined;
  });
  expect(series.filter(({ __name__ = '' }) => !/^(up|scrape_.+)$/.test(__name__))).toEqual([]);
  expect(series.filter(({ pod }) => pod !== undefined)).toEqual([]);
  expect(series.every(({ cluster }) => cluster === 'local')).toBe(true);
  expect([...seen]).toEqual([`Bearer ${token}`]);
});
