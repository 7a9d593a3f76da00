import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import type { ProcessState } from '../../infra/local/supervisor/status.ts';
import { grafanaPaths } from '../../infra/render/grafana/provisioning.ts';
import { dashboards, datasources } from '../../telemetry/contract/links.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { deployedDashboards, queriesOfDashboard } from '../support/panel-queries.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

const status = z.object({
  processes: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })),
});
const sourceList = z.array(z.object({ uid: z.string(), type: z.string(), readOnly: z.boolean() }));
const found = z.array(z.object({ uid: z.string(), folderUid: z.string().optional() }));
const correlationList = z.object({
  correlations: z.array(z.object({ sourceUID: z.string(), targetUID: z.string() })),
});
const results = z.object({
  results: z.record(z.string(), z.object({ error: z.string().optional() })),
});

const settled: readonly string[] = ['running', 'unavailable'] satisfies readonly ProcessState[];

/** Queries that are asked of Grafana in one request. */
const atOnce = 10;

describe('Grafana, where it can be had', () => {
  const { stateDir } = inject('stack');
  const stack = new StackClient(inject('stack'));

  beforeEach(async (context) => {
    // The others are whole without it, so that it may still be on its way.
    const grafana = await waitFor(
      'what became of Grafana',
      async () => {
        const { stdout } = await stack.cli(['status', '--json']);
        const { processes } = status.parse(JSON.parse(stdout));
        return processes.find(({ name, state }) => name === 'grafana' && settled.includes(state));
      },
      240_000,
    );
    if (grafana.state === 'unavailable') context.skip(grafana.detail);
  }, 300_000);

  const get = async <T>(path: string, shape: z.ZodType<T>, body?: object): Promise<T> => {
    const password = await readFile(join(stateDir, 'secrets/GRAFANA_ADMIN_PASSWORD'), 'utf8');
    const answer = await fetch(stack.url('grafana', path), {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return shape.parse(await answer.json());
  };
  const ask: Ask = (source, path, parameters) =>
    stack.json(stack.url(source, `${path}?${new URLSearchParams(parameters)}`), {
      'X-Scope-OrgID': platformTenant,
    });

  it('lets nobody in unknown', async () => {
    const answer = await fetch(stack.url('grafana', '/api/search'), {
      signal: AbortSignal.timeout(60_000),
    });
    expect(answer.status).toBe(401);
  });

  it('has the data sources, with their correlations, and nobody can change them', async () => {
    const sources = await get('/api/datasources', sourceList);
    expect(sources.map(({ uid, type }) => [uid, type]).sort()).toEqual(
      Object.values(datasources)
        .map(({ uid, type }) => [uid, type])
        .sort(),
    );
    expect(sources.every(({ readOnly }) => readOnly)).toBe(true);
    const { correlations } = await get('/api/datasources/correlations', correlationList);
    expect(correlations.map(({ sourceUID, targetUID }) => [sourceUID, targetUID]).sort()).toEqual([
      ['loki', 'prometheus'],
      ['prometheus', 'loki'],
    ]);
  });

  it('has every dashboard, in its folder', async () => {
    const all = await get('/api/search?type=dash-db&limit=1000', found);
    expect(Object.fromEntries(all.map(({ uid, folderUid }) => [uid, folderUid]))).toEqual(
      Object.fromEntries(Object.entries(dashboards).map(([uid, { folder }]) => [uid, folder])),
    );
  });

  it('answers every query of every panel', async () => {
    const models = await deployedDashboards(join(stateDir, grafanaPaths.dashboards));
    const queries = (await Promise.all(models.map((model) => queriesOfDashboard(model, ask)))).flatMap(
      ({ panels }) => panels,
    );
    expect(queries.length).toBeGreaterThan(400);
    const failed: string[] = [];
    for (let from = 0; from < queries.length; from += atOnce) {
      const some = queries.slice(from, from + atOnce);
      const asked = some.map(({ source, expr, instant }, index) => ({
        refId: `Q${index}`,
        datasource: { uid: source, type: source },
        expr,
        instant,
        range: !instant,
        queryType: instant ? 'instant' : 'range',
        intervalMs: 15_000,
        maxDataPoints: 300,
      }));
      const answer = await get('/api/ds/query', results, { from: 'now-1h', to: 'now', queries: asked });
      for (const [index, { where }] of some.entries()) {
        const result = answer.results[`Q${index}`];
        if (!result || result.error) failed.push(`${where}: ${result?.error ?? 'no answer'}`);
      }
    }
    expect(failed).toEqual([]);
  }, 300_000);
});
