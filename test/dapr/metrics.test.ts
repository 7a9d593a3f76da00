import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import { grafanaPaths } from '../../infra/render/grafana/provisioning.ts';
import { daprMetrics } from '../../telemetry/catalogue/dapr.ts';
import { platformTenant, serviceNames } from '../../telemetry/contract/services.ts';
import { answerTo, deployedDashboards, queriesOfDashboard } from '../support/panel-queries.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

describe('the sidecars', () => {
  const { stateDir } = inject('stack');
  const stack = new StackClient(inject('stack'));
  const ask: Ask = (source, path, parameters) =>
    stack.json(stack.url(source, `${path}?${new URLSearchParams(parameters)}`), {
      'X-Scope-OrgID': platformTenant,
    });
  const servicesWith = async (series: string): Promise<readonly string[]> =>
    (await stack.prometheus(`count by (service, app_id) (${series} > 0)`)).map(({ metric }) => {
      expect(metric.app_id).toBe(metric.service);
      return metric.service ?? '';
    });

  it('are targets with the labels of their applications', async () => {
    const up = await waitFor('every sidecar to be up', async () => {
      const found = await stack.prometheus('up{container="daprd"} == 1');
      return found.length === serviceNames.length ? found : undefined;
    });
    for (const { metric } of up) {
      const { service, namespace, pod, job, cluster, environment } = metric;
      expect({ namespace, pod, job, cluster, environment }).toEqual({
        namespace: 'tasks',
        pod: `${service}-0`,
        job: `${service}-dapr`,
        cluster: 'local',
        environment: 'local',
      });
    }
    expect(up.map(({ metric }) => metric.service).sort()).toEqual([...serviceNames].sort());
  });

  it.each(Object.entries(daprMetrics))(
    'have samples of %s, of every one that does such a thing',
    async (name, { type }) => {
      const publishers = ['backend-api', 'notification', 'sync'];
      const expected = name.includes('egress') ? publishers : [...serviceNames];
      const series = type === 'histogram' ? `${name}_bucket` : name;
      await waitFor(
        `${series} of ${expected.join(', ')}`,
        async () => {
          const found = await servicesWith(series);
          return expected.every((service) => found.includes(service)) ? true : undefined;
        },
        120_000,
      );
    },
    150_000,
  );

  it('write lines that are found as theirs', async () => {
    await waitFor('lines of every sidecar', async () => {
      const lines = await stack.loki('{namespace="tasks", container="daprd"}');
      const services = new Set(lines.map(({ labels }) => labels.service));
      return serviceNames.every((name) => services.has(name)) ? true : undefined;
    });
  });

  it('fill each panel of their dashboard', async () => {
    const all = await deployedDashboards(join(stateDir, grafanaPaths.dashboards));
    const dashboards = all.filter(({ uid }) => uid === 'dapr');
    expect(dashboards).toHaveLength(1);
    let empty: readonly string[] = [];
    let count = 0;
    await waitFor(
      'every panel',
      async () => {
        const { panels } = (await Promise.all(dashboards.map((one) => queriesOfDashboard(one, ask))))[0] ?? {
          panels: [],
        };
        count = panels.length;
        const answers = await Promise.all(
          panels.map(async (query) => {
            const { values, lines } = await answerTo(query, ask);
            return values.filter(Number.isFinite).length + lines > 0 ? [] : [`${query.where}: ${query.expr}`];
          }),
        );
        empty = answers.flat();
        return empty.length === 0 ? true : undefined;
      },
      120_000,
    ).catch(() => undefined);
    console.log(`${count - empty.length} of ${count} queries of the Dapr dashboard find numbers or lines`);
    expect(empty).toEqual([]);
    expect(count).toBeGreaterThan(8);
  }, 150_000);
});
