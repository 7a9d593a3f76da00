import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';
import { namespaces } from '../../infra/kubernetes/context.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import type { Deployment } from './deployment.ts';

const named = z.looseObject({ job_name: z.string() });
const configuration = z.looseObject({
  scrape_configs: z.array(named),
  alerting: z.looseObject({ alertmanagers: z.array(z.looseObject({})) }),
});
const data = z.object({ data: z.record(z.string(), z.string()) });
const rulesObject = z.object({
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()),
});

/** What the operator made for Prometheus to read. */
export interface Generated {
  readonly config: z.infer<typeof configuration>;
  /** The rule files' contents, by name. */
  readonly ruleFiles: Readonly<Record<string, string>>;
}

/** The scrape jobs that the operator is to make of an object. */
function jobsOf({ kind, metadata: { namespace, name }, ...body }: KubernetesObject): readonly string[] {
  const spec = 'spec' in body ? body.spec : {};
  const { endpoints = [], podMetricsEndpoints = [] } = z
    .object({ endpoints: z.array(z.unknown()), podMetricsEndpoints: z.array(z.unknown()) })
    .partial()
    .catch({})
    .parse(spec);
  const numbered = (type: string, each: readonly unknown[]) =>
    each.map((_, index) => `${type}/${namespace}/${name}/${index}`);
  return [
    ...(kind === 'ServiceMonitor' ? numbered('serviceMonitor', endpoints) : []),
    ...(kind === 'Probe' ? [`probe/${namespace}/${name}`] : []),
    ...(kind === 'PodMonitor' ? numbered('podMonitor', podMetricsEndpoints) : []),
  ];
}

export const expectedJobs = (objects: readonly KubernetesObject[]): readonly string[] =>
  objects.flatMap(jobsOf).toSorted();

/** The configuration as the operator has it once it has seen every monitor and every rule. */
export async function generated({ bench, cluster, objects }: Deployment): Promise<Generated> {
  const jobs = expectedJobs(objects).length;
  const rules = objects.filter(({ kind }) => kind === 'PrometheusRule').length;
  return bench.until(`a configuration with ${jobs} jobs and ${rules} rule files`, async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'prometheus-prometheus', namespace: namespaces.stack },
    };
    const packed = data.parse(await cluster.get(secret)).data['prometheus.yaml.gz'] ?? '';
    const config = configuration.parse(parse(gunzipSync(Buffer.from(packed, 'base64')).toString()));
    const maps = z
      .array(rulesObject.partial())
      .parse(await cluster.list(`/api/v1/namespaces/${namespaces.stack}/configmaps`));
    const ruleFiles = Object.assign(
      {},
      ...maps.flatMap((map) =>
        map.metadata?.name.startsWith('prometheus-prometheus-rulefiles-') ? [map.data] : [],
      ),
    );
    const isWhole = config.scrape_configs.length >= jobs && Object.keys(ruleFiles).length >= rules;
    return isWhole ? { config, ruleFiles } : undefined;
  });
}
