import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { type ProbeModule, renderBlackbox } from '../../infra/render/blackbox.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { listenLocally } from '../support/local-server.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool, toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const statusByPath: Readonly<Record<string, number>> = { '/health': 200, '/tasks': 401, '/ill': 503 };
const service = createServer(({ url = '' }, response) => {
  response.writeHead(statusByPath[url] ?? 302, { location: '/health' }).end();
});
let folder = '';
let exporter = '';
let running: RunningTool[] = [];
let port = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probes-'));
  port = await listenLocally(service);
  const [exporterPort = 0] = await freePorts(1);
  exporter = `127.0.0.1:${exporterPort}`;
  await writeFile(join(folder, 'blackbox.yaml'), renderBlackbox());
  running = [
    startTool(await toolPath('blackbox_exporter'), [
      `--config.file=${join(folder, 'blackbox.yaml')}`,
      `--web.listen-address=${exporter}`,
    ]),
  ];
  await waitFor('the exporter', async () => (await fetch(`http://${exporter}/-/healthy`)).ok || undefined);
}, 600_000);

afterAll(async () => {
  for (const tool of running) await tool.stop();
  service.close();
  await rm(folder, { recursive: true, force: true });
});

const succeeds = async (module: ProbeModule, target: string): Promise<boolean> => {
  const answer = await fetch(`http://${exporter}/probe?${new URLSearchParams({ module, target })}`);
  const value = /^probe_success (\d)$/m.exec(await answer.text())?.[1];
  expect(['0', '1']).toContain(value);
  return value === '1';
};

test.each<[ProbeModule, string, boolean]>([
  ['health', '/health', true],
  ['health', '/ill', false],
  ['health', '/tasks', false],
  // An address that sends people elsewhere is not well itself.
  ['health', '/elsewhere', false],
  // Without TLS nothing public is well.
  ['public-health', '/health', false],
  ['public-closed', '/tasks', false],
])('the real exporter asks as %s: %s', async (module, path, well) => {
  expect(await succeeds(module, `http://127.0.0.1:${port}${path}`)).toBe(well);
});

const rules = z.array(
  z.object({
    action: z.string().optional(),
    sourceLabels: z.array(z.string()).optional(),
    regex: z.string().optional(),
    targetLabel: z.string().optional(),
    replacement: z.string().optional(),
  }),
);
const probeSpec = z.object({
  jobName: z.string(),
  module: z.string(),
  targets: z.object({ staticConfig: z.object({ relabelingConfigs: rules }) }),
  metricRelabelings: rules,
});
const inFile = (all: z.infer<typeof rules>) =>
  all.map(({ sourceLabels, targetLabel, ...rest }) => ({
    ...rest,
    ...(sourceLabels && { source_labels: sourceLabels }),
    ...(targetLabel && { target_label: targetLabel }),
  }));

test('a real Prometheus labels what is measured as the service’s, and `up` as the exporter’s', async () => {
  const probe = clusterSystems(clusterContext('prod'))
    .flatMap((system) => system.objects)
    .find((object) => object.kind === 'Probe' && object.metadata.name === 'audit-health');
  const { spec } = z.object({ spec: probeSpec }).parse(probe);
  const [prometheusPort = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/health`;
  const config = {
    scrape_configs: [
      {
        job_name: spec.jobName,
        scrape_interval: '1s',
        metrics_path: '/probe',
        params: { module: [spec.module] },
        // What the operator makes of a Probe comes first, the namespace of the Probe with it.
        static_configs: [{ targets: [url], labels: { namespace: 'monitoring' } }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: exporter },
          ...inFile(spec.targets.staticConfig.relabelingConfigs),
        ],
        metric_relabel_configs: inFile(spec.metricRelabelings),
      },
    ],
  };
  await writeFile(join(folder, 'prometheus.yml'), toYaml(config));
  const prometheus = startTool(await toolPath('prometheus'), [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ]);
  running.push(prometheus);
  const labelsOf = (query: string) =>
    waitFor(query, async () => {
      const answer = await fetch(
        `http://127.0.0.1:${prometheusPort}/api/v1/query?query=${encodeURIComponent(query)}`,
      );
      const { data } = z
        .object({
          data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
        })
        .parse(await answer.json());
      return data.result.length > 0 ? data.result.map(({ metric }) => metric) : undefined;
    });
  const common = { cluster: 'prod', environment: 'prod', job: 'blackbox-exporter', instance: url };
  expect(await labelsOf('probe_success == 1')).toEqual([
    { __name__: 'probe_success', ...common, namespace: 'tasks', service: 'audit' },
  ]);
  expect(await labelsOf('up')).toEqual([{ __name__: 'up', ...common, service: 'blackbox-exporter' }]);
  expect(await labelsOf('count by (__name__) ({__name__=~"probe_.+"})')).toEqual([
    { __name__: 'probe_success' },
  ]);
});
