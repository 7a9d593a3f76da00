import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import { localPaths } from '../../local/files.ts';
import { freePorts } from '../../local/pick-ports.ts';
import { localPlacement } from '../../local/placements.ts';
import type { ObservedMetric } from '../exposition.ts';
import { ask, post, ready, scrape, settled } from '../look.ts';
import { folder } from '../workbench.ts';
import { at, startFromPlan } from './from-plan.ts';
import type { Verifier } from './verifier.ts';

const seriesAnswer = z.object({ data: z.array(z.record(z.string(), z.string())) });

/** What Prometheus writes by itself is on no /metrics: it is asked for by its series. */
async function storedSeries(prometheus: number, name: string): Promise<readonly [string, ObservedMetric][]> {
  const answer = await ask(at(prometheus, `/api/v1/series?match[]=${encodeURIComponent(name)}`));
  const series = seriesAnswer.parse(JSON.parse(answer)).data;
  const labels = new Set(series.flatMap((one) => Object.keys(one)));
  labels.delete('__name__');
  return series.length === 0 ? [] : [[name, { type: undefined, labels }]];
}

/** It scrapes itself, evaluates our rules, and finds no Alertmanager to send its alerts to. */
export const prometheus: Verifier = {
  tools: ['prometheus'],
  observe: async (bench, metrics) => {
    const ports = await startFromPlan(bench, ['prometheus']);
    await ready(bench, at(ports.prometheus, '/-/ready'));
    return settled(bench, metrics, async () => {
      const exposed = await scrape(at(ports.prometheus, '/metrics'));
      const others = Object.keys(metrics).filter((name) => !exposed.has(name));
      const stored = await Promise.all(others.map((name) => storedSeries(ports.prometheus, name)));
      return new Map([...exposed, ...stored.flat()]);
    });
  },
};

/** One of a cluster, as where there are several; its notifications fail, since nobody listens at the inbox. */
export const alertmanager: Verifier = {
  tools: ['alertmanager'],
  observe: async (bench, metrics) => {
    const [gossip = 0] = await freePorts(1);
    const ports = await startFromPlan(bench, ['alertmanager'], (args) =>
      args.map((arg) =>
        arg.startsWith('--cluster.listen-address=') ? `--cluster.listen-address=127.0.0.1:${gossip}` : arg,
      ),
    );
    await ready(bench, at(ports.alertmanager, '/-/ready'));
    const labels = { alertname: 'Probe', severity: 'warning', service: 'probe', cluster: 'local' };
    await ask(at(ports.alertmanager, '/api/v2/alerts'), post([{ labels }]));
    return settled(bench, metrics, () => scrape(at(ports.alertmanager, '/metrics')));
  },
};

const tenant = { 'x-scope-orgid': platformTenant };

/** Takes lines, answers a query, refuses another, and evaluates our rules about log lines. */
export const loki: Verifier = {
  tools: ['loki'],
  observe: async (bench, metrics) => {
    const ports = await startFromPlan(bench, ['loki']);
    const query = (text: string): string =>
      at(ports.loki, `/loki/api/v1/query?query=${encodeURIComponent(text)}`);
    const lines = { stream: { service: 'probe' }, values: [[`${Date.now()}000000`, 'a line']] };
    await bench.until('Loki to take lines', () =>
      ask(at(ports.loki, '/loki/api/v1/push'), post({ streams: [lines] }, tenant)),
    );
    await ask(query('sum(count_over_time({service="probe"}[1m]))'), { headers: tenant });
    await ask(query('{service='), { headers: tenant }, [400]);
    return settled(bench, metrics, () => scrape(at(ports.loki, '/metrics')));
  },
};

/** Reads the file of a service, one line of it no JSON, and pushes it to a real Loki. */
export const promtail: Verifier = {
  tools: ['promtail', 'loki'],
  observe: async (bench, metrics) => {
    const { namespace, pod, uid, container } = localPlacement('audit', 'service');
    const logs = await folder(bench, `${localPaths.pods}/${namespace}_${pod}_${uid}/${container}`);
    const lines = ['{"level":"INFO","message":"a line"}', 'no JSON'].map(
      (line) => `${new Date().toISOString()} stdout F ${line}\n`,
    );
    await writeFile(join(logs, '0.log'), lines.join(''));
    const ports = await startFromPlan(bench, ['loki', 'promtail']);
    await ready(bench, at(ports.promtail, '/ready'));
    return settled(bench, metrics, () => scrape(at(ports.promtail, '/metrics')));
  },
};

export const nodeExporter: Verifier = {
  tools: ['node_exporter'],
  observe: async (bench, metrics) => {
    const ports = await startFromPlan(bench, ['node-exporter']);
    await ready(bench, at(ports.nodeExporter));
    return settled(bench, metrics, () => scrape(at(ports.nodeExporter, '/metrics')));
  },
};
