import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savedQueries } from '../../dashboards/queries/index.ts';
import { queriesOf } from '../../dashboards/queries/saved-query.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { toolPath } from '../support/tools.ts';

const run = promisify(execFile);

interface Sample {
  readonly labels: string;
  readonly value: number;
}
interface MetricCase {
  /** Series with the fault, in promtool's notation. */
  readonly fault: Readonly<Record<string, string>>;
  readonly found: readonly Sample[];
  /** The same series without it. */
  readonly calm: Readonly<Record<string, string>>;
  readonly calmly: readonly Sample[];
}

const api = (pod: string): string =>
  `cluster="local", environment="local", namespace="tasks", service="backend-api", pod="${pod}", instance="${pod}"`;
const asked = (pod: string, status: number, route = '/tasks'): string =>
  `http_server_request_duration_seconds_count{${api(pod)}, http_route="${route}", http_response_status_code="${status}"}`;
const lag = (service: string, topic: string): string =>
  `event_consumer_lag{cluster="local", environment="local", namespace="tasks", service="${service}", topic="${topic}"}`;
const built = (pod: string, version: string): Readonly<Record<string, string>> => ({
  [`service_build_info{${api(pod)}, version="${version}"}`]: '1x20',
});
const oneOfEach = { ...built('old', '1.0'), ...built('new', '1.1') };
const others = {
  // Another service, probes, and a service whose lag nobody asks about here.
  [asked('old', 500, '/health')]: '0+600x20',
  [asked('old', 500).replaceAll('backend-api', 'sync')]: '0+600x20',
};

const cases: Readonly<Record<string, MetricCase>> = {
  'slow-consumers': {
    fault: {
      [lag('sync', 'task-updates')]: '7x20',
      [lag('audit', 'task-events')]: '30x20',
      [lag('notification', 'reminders')]: '0x20',
    },
    found: [
      { labels: '{service="audit", topic="task-events"}', value: 30 },
      { labels: '{service="sync", topic="task-updates"}', value: 7 },
    ],
    calm: { [lag('sync', 'task-updates')]: '0x20', [lag('audit', 'task-events')]: '0x20' },
    calmly: [],
  },
  'deploy-comparison': {
    fault: {
      ...oneOfEach,
      ...others,
      [asked('old', 200)]: '0+60x20',
      [asked('new', 200)]: '0+45x20',
      [asked('new', 503)]: '0+15x20',
    },
    found: [
      { labels: '{service="backend-api", version="1.0"}', value: 0 },
      { labels: '{service="backend-api", version="1.1"}', value: 0.25 },
    ],
    calm: { ...oneOfEach, ...others, [asked('old', 200)]: '0+60x20', [asked('new', 200)]: '0+60x20' },
    calmly: [
      { labels: '{service="backend-api", version="1.0"}', value: 0 },
      { labels: '{service="backend-api", version="1.1"}', value: 0 },
    ],
  },
};

const ofMetrics = savedQueries.flatMap((saved) => {
  const [query] = queriesOf(saved);
  return query?.language === 'promql' ? [{ id: saved.id, expr: renderQuery(query) }] : [];
});

describe('saved queries of metrics, by a real promtool', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sightline-queries-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('are all looked at', () => {
    expect(ofMetrics.map(({ id }) => id).sort()).toEqual(Object.keys(cases).sort());
  });

  it.each(ofMetrics)(
    '$id finds what its fault does to the series, and nothing of it without',
    async ({ id, expr }) => {
      const about = cases[id];
      if (!about) throw new Error(`there is no case for ${id}`);
      const test = (series: Readonly<Record<string, string>>, samples: readonly Sample[]) => ({
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [{ expr, eval_time: '10m', exp_samples: samples }],
      });
      const said = async (name: string, found: readonly Sample[]): Promise<string> => {
        const file = join(dir, `${id}-${name}.test.json`);
        const tests = [test(about.fault, found), test(about.calm, about.calmly)];
        await writeFile(file, JSON.stringify({ tests }));
        const options = { timeout: 120_000, env: { ...process.env, TMPDIR: dir } };
        return run(await toolPath('promtool'), ['test', 'rules', file], options).then(
          ({ stdout }) => stdout,
          ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr,
        );
      };
      expect(await said('right', about.found)).toContain('SUCCESS');
      // What is expected is really looked at.
      expect(await said('wrong', about.found.slice(1))).toMatch(/FAILED:[\s\S]*exp:/);
    },
  );
});
