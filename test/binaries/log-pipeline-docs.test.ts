import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operations } from '../../services/log-gateway/api/operations.ts';
import { levelAliases } from '../../services/log-gateway/intake/levels.ts';
import { startLoki, startPrometheus } from '../preview/stores.ts';
import { freePorts } from '../support/ports.ts';
import { toolPath } from '../support/tools.ts';

const repository = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(repository, 'docs/log-pipeline.md'), 'utf8');
const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);

const stops: (() => Promise<void> | void)[] = [];
let directory: string;
const env: Record<string, string> = {};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-pipeline-docs-'));
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const [loki, prometheus, promtool] = await Promise.all([
    toolPath('loki'),
    toolPath('prometheus'),
    toolPath('promtool'),
  ]);
  const stores = [
    await startLoki(loki, directory),
    await startPrometheus({ prometheus, promtool }, directory),
  ];
  stops.push(...stores.map(({ stop }) => stop));
  env.LOKI_URL = stores[0]?.url ?? '';
  env.PROMETHEUS_URL = stores[1]?.url ?? '';
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

/** Whatever a page that failed has left behind. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

/** The page's commands in one shell, in a copy of the place that they are written for. */
async function runPage(): Promise<{ readonly code: number | null; readonly out: string }> {
  const [gateway = 0, ingestor = 0, producer = 0, apart = 0] = await freePorts(4);
  const script = [
    'set -euo pipefail',
    // What the page starts ends with the shell.
    "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT",
    ...[
      'services',
      'telemetry',
      'node_modules',
      'package.json',
      'cli',
      'infra',
      'alerts',
      'dashboards',
      'promtail',
    ].map((name) => `ln -s ${join(repository, name)} ${name}`),
    ...blocks.map((block) =>
      block
        .replaceAll('127.0.0.1:8080', `127.0.0.1:${gateway}`)
        .replaceAll('8081', String(producer))
        .replaceAll('8090', String(apart)),
    ),
  ].join('\n');
  const place = mkdtempSync(join(directory, 'page-'));
  const shell = spawn('bash', ['-c', script], {
    cwd: place,
    env: {
      ...process.env,
      ...env,
      NO_COLOR: '1',
      GATEWAY_PORT: String(gateway),
      INGESTOR_PORT: String(ingestor),
      INGESTOR_BATCH_WAIT_SECONDS: '0.1',
      QUEUE_MIN_FREE_BYTES: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  stops.push(() => endGroup(shell.pid));
  let out = '';
  const remember = (chunk: Buffer): void => {
    out += chunk.toString();
  };
  shell.stdout.on('data', remember);
  shell.stderr.on('data', remember);
  const [code] = (await once(shell, 'close')) as [number | null];
  return { code, out };
}

it('every command of the page works, as it is written', { timeout: 600_000 }, async () => {
  const { code, out } = await runPage();
  expect(code, out.slice(-5000)).toBe(0);
  expect(out).toContain('"durability":"fsynced"');
  expect(out).toContain('"errors":[{"index":1,"reason":"message: is missing"}]');
  expect(out).toContain('"message":"Log event queued for processing"');
  expect(out).toContain('"entries":[');
  expect(out).toContain('"patterns":[');
  expect(out).toContain('"promql":"histogram_quantile(0.95');
  expect(out).toMatch(/log_events_received_total\{intake="otlp"\} 2/);
  expect(out).toContain('the tail is open');
  expect(out).toMatch(/Revoked [0-9a-f]{16}/);
});

it('the page calls every endpoint that there is', () => {
  const called = blocks.join('\n');
  const missing = operations({ searchLines: 1, searchRangeHours: 1 }).filter(
    ({ path }) => !called.includes(`$GATEWAY${path}`),
  );
  expect(missing.map(({ path }) => path)).toEqual([]);
});

it('the page names every alias of a level', () => {
  const rows = [...text.matchAll(/^\| ([A-Z0-9, ]+) \| ([A-Z]+) \|$/gm)].flatMap(
    ([, names = '', level = '']) => names.split(', ').map((name) => [name, level]),
  );
  const others = Object.entries(levelAliases).filter(([name, level]) => name !== level);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(others));
});
