import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routingFor } from '../../alerts/routing.ts';
import { parseEnvironment } from '../../infra/config.ts';
import { localPlacement } from '../../infra/local/placements.ts';
import { CriLogWriter } from '../../infra/local/supervisor/cri-log.ts';
import { renderLoki } from '../../infra/render/loki.ts';
import { renderPromtail } from '../../infra/render/promtail.ts';
import type { Stack } from '../../infra/stack.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const environment = `
environment: local
cluster: local
scrapeInterval: 15s
prometheus: { retentionTime: 15d, retentionSize: 2GB }
loki: { retention: 7d }
slo: { window: 7d }
paging: inbox
services: { logLevel: INFO }
traffic: { rate: 0 }
thresholds: {}
alerts: { overrides: {} }
`;

const now = Date.now();
const cri = (line: string, tag = 'F'): string => `${new Date(now).toISOString()} stdout ${tag} ${line}`;
const json = {
  timestamp: new Date(now - 2000).toISOString().replace('Z', '123Z'),
  level: 'ERROR',
  logger: 'backend.tasks',
  message: 'could not create the task',
  request_id: 'req-1',
  user_id: 'user-7',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
};

interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string])[];
}

describe('the log pipeline, by real Promtail and real Loki', () => {
  let dir: string;
  let podDir: string;
  let running: RunningTool[] = [];
  let lokiUrl: string;
  let promtailUrl: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sightline-pipeline-'));
    const [port = 0, grpcPort = 0, promtailPort = 0] = await freePorts(3);
    lokiUrl = `http://127.0.0.1:${port}`;
    promtailUrl = `http://127.0.0.1:${promtailPort}`;
    const placement = localPlacement('backend-api', 'service');
    const stack: Stack = {
      config: parseEnvironment(environment, 'test'),
      thresholds: {},
      timeScale: 1,
      instances: [{ placement }],
      urls: { prometheus: '', alertmanager: '', loki: lokiUrl, dashboards: '', explore: '', runbooks: '' },
      today: '2026-11-21',
      rules: {},
      logRules: {},
      recordings: [],
      off: [],
      routing: routingFor([]),
      dashboards: [],
    };
    podDir = join(dir, 'pods', `${placement.namespace}_${placement.pod}_${placement.uid}`, 'backend-api');
    await mkdir(podDir, { recursive: true });
    await mkdir(join(dir, 'promtail'));
    await writeFile(
      join(dir, 'loki.yaml'),
      renderLoki(stack, {
        dataDir: join(dir, 'loki'),
        listen: { host: '127.0.0.1', port, grpcPort },
        ruler: { rulesDir: join(dir, 'log-rules'), alertmanager: '127.0.0.1:1' },
      }),
    );
    await writeFile(
      join(dir, 'promtail.yaml'),
      renderPromtail(stack, {
        podsDir: join(dir, 'pods'),
        positionsFile: join(dir, 'promtail', 'positions.yaml'),
        listen: { host: '127.0.0.1', port: promtailPort },
      }),
    );
    await writeFile(
      join(podDir, '0.log'),
      `${[
        cri(JSON.stringify(json)),
        cri('panic: this is no JSON'),
        cri('a line in two ', 'P'),
        cri('parts'),
        cri('{"half": "a JSON'),
        cri(JSON.stringify({ level: 'warn', message: 'other program' })),
        cri(JSON.stringify({ level: 'weird', message: 'unknown level' })),
      ].join('\n')}\n`,
    );
    running = [
      startTool(await toolPath('loki'), [`-config.file=${join(dir, 'loki.yaml')}`]),
      startTool(await toolPath('promtail'), [`-config.file=${join(dir, 'promtail.yaml')}`]),
    ];
  }, 600_000);

  afterAll(async () => {
    await Promise.all(running.map((tool) => tool.stop()));
    await rm(dir, { recursive: true, force: true });
  });

  const query = async (logql: string, kind = 'query_range'): Promise<readonly LokiStream[]> => {
    const url = `${lokiUrl}/loki/api/v1/${kind}?query=${encodeURIComponent(logql)}&since=1h`;
    const answer = await fetch(url, {
      headers: { 'X-Scope-OrgID': 'platform', 'X-Loki-Response-Encoding-Flags': 'categorize-labels' },
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { data: { result: LokiStream[] } }).data.result;
  };
  const found = (logql: string): Promise<readonly LokiStream[]> =>
    waitFor(
      `${logql}\n${running.map((tool) => tool.output()).join('\n')}`,
      async () => {
        const streams = await query(logql);
        return streams.length > 0 ? streams : undefined;
      },
      60_000,
    );

  it('finds a JSON line by request id, with its labels and its own timestamp', async () => {
    const [stream] = await found('{service="backend-api"} | request_id="req-1"');
    expect(stream?.stream).toEqual({
      cluster: 'local',
      environment: 'local',
      namespace: 'tasks',
      pod: 'backend-api-0',
      container: 'backend-api',
      service: 'backend-api',
      level: 'ERROR',
      log_format: 'json',
    });
    const [entry] = stream?.values ?? [];
    expect(entry?.[0]).toBe(`${now - 2000}123000`);
    expect(JSON.parse(entry?.[1] ?? '')).toEqual(json);
    expect(entry?.[2 as 0]).toEqual({
      structuredMetadata: {
        logger: json.logger,
        request_id: json.request_id,
        user_id: json.user_id,
        trace_id: json.trace_id,
        span_id: json.span_id,
      },
    });
  });

  it('keeps what is not JSON, labelled and counted, and joins partial lines', async () => {
    const streams = await found('{log_format="text"}');
    const lines = streams.flatMap(({ values }) => values.map(([, line]) => line));
    expect(lines.sort()).toEqual(['a line in two parts', 'panic: this is no JSON', '{"half": "a JSON']);
    expect(streams[0]?.stream).not.toHaveProperty('level');
    const metrics = await (await fetch(`${promtailUrl}/metrics`)).text();
    const counted = [...metrics.matchAll(/^promtail_custom_unparsed_lines_total\{.*\} (\d+)$/gm)];
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(3);
  });

  it('folds foreign level names, and opens no stream for an unknown one', async () => {
    expect((await found('{level="WARNING"} |= "other program"'))[0]?.stream).toHaveProperty(
      'level',
      'WARNING',
    );
    expect((await found('{log_format="json"} |= "unknown level"'))[0]?.stream).not.toHaveProperty('level');
  });

  it('loses no line when the file is rotated while it is read', async () => {
    const lines = 4500;
    const writer = new CriLogWriter(join(podDir, '1.log'), { maxBytes: 128 * 1024, keep: 4 });
    for (let written = 0; written < lines; written += 100) {
      const batch = Array.from(
        { length: 100 },
        (_, index) => `${JSON.stringify({ message: 'x'.repeat(90), rotated: written + index })}\n`,
      );
      writer.write('stdout', Buffer.from(batch.join('')));
      // Fills the file within a second, a few looks of Promtail: a program that hurries, not one that runs wild.
      await delay(100);
    }
    writer.close();
    expect((await readdir(podDir)).filter((name) => name.startsWith('1.log.'))).toHaveLength(4);
    const counted = async () => {
      const streams = await query('sum(count_over_time({service="backend-api"} |= `rotated` [1h]))', 'query');
      return Number((streams[0] as { value?: [number, string] } | undefined)?.value?.[1] ?? 0);
    };
    const all = await waitFor(`${lines} lines in Loki`, async () =>
      (await counted()) >= lines ? counted() : undefined,
    );
    expect(all).toBe(lines);
  }, 120_000);
});
