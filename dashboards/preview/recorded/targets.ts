import { type ComponentName, catalogueComponents } from '../../../telemetry/catalogue/components.ts';
import { metrics } from '../../../telemetry/contract/metrics.ts';
import { type EmitterName, emitterNames, emitters } from '../../../telemetry/contract/pipeline.ts';
import { namespaces, serviceNames } from '../../../telemetry/contract/services.ts';
import type { MetricDefinition } from '../../../telemetry/contract/types.ts';
import type { Labels } from './series.ts';

/** Where all of it is said to have been recorded. */
export const place = { cluster: 'main', environment: 'prod' } as const;

type Metric = Pick<MetricDefinition<string, EmitterName>, 'type' | 'labels'> & {
  readonly buckets?: readonly number[];
};

/** A metric of the contract or the catalogue, and the label sets of whatever exposes it. */
export interface Exposed extends Metric {
  readonly targets: readonly Labels[];
}

function serviceTarget(service: EmitterName): Labels {
  const address = 10 + emitterNames.indexOf(service);
  return {
    ...place,
    namespace: namespaces.services,
    service,
    job: service,
    pod: `${service}-0`,
    container: service,
    instance: `10.0.0.${address}:${emitters[service].port}`,
  };
}

/** Parts of the stack, which observe themselves and each other. */
const observers = ['prometheus', 'alertmanager', 'loki', 'promtail', 'grafana'] as const;

const observer = (name: string): Labels => ({
  ...place,
  namespace: namespaces.stack,
  service: name,
  job: name,
  pod: `${name}-0`,
  container: name,
  instance: `${name}-0:9090`,
});

export const nodes = ['node-1', 'node-2', 'node-3'] as const;

const exporters: Readonly<Partial<Record<ComponentName, readonly Labels[]>>> = {
  'node-exporter': nodes.map((node) => ({
    ...place,
    namespace: namespaces.stack,
    service: 'node-exporter',
    job: 'node-exporter',
    instance: `${node}:9100`,
  })),
  dapr: serviceNames.map((service) => ({ ...serviceTarget(service), container: 'daprd', app_id: service })),
  kafka: [{ ...place, service: 'kafka-exporter', job: 'kafka-exporter', instance: 'kafka-exporter-0:9308' }],
};

const pods: readonly Labels[] = emitterNames.map((service) => {
  const { job: _job, instance: _instance, ...pod } = serviceTarget(service);
  return pod;
});

/** Series about objects of Kubernetes have the object's namespace, and its pod where it is one. */
function kubernetesTargets(name: string, exporter: string): readonly Labels[] {
  const own = { service: exporter, job: exporter };
  if (/^(?:kube_pod|container)_/.test(name)) return pods.map((pod) => ({ ...pod, ...own }));
  const namespace = /stateful|daemonset/.test(name) ? namespaces.stack : namespaces.services;
  return [{ ...place, namespace, ...own }];
}

function componentTargets(component: ComponentName, name: string): readonly Labels[] {
  if (component === 'kube-state-metrics' || component === 'kubelet')
    return kubernetesTargets(name, component);
  return exporters[component] ?? [observer(component)];
}

const everything = [...emitterNames.map(serviceTarget), ...observers.map(observer)];

/** @returns undefined for a metric that neither the contract nor the catalogue knows */
export function exposedAs(name: string): Exposed | undefined {
  const own: Readonly<Record<string, MetricDefinition<string, EmitterName>>> = metrics;
  const metric = own[name];
  // Every process has these, ours or not.
  if (metric && name.startsWith('process_')) return { ...metric, targets: everything };
  if (metric) return { ...metric, targets: metric.services.map(serviceTarget) };
  if (name === 'up')
    return { type: 'gauge', labels: [], targets: [...everything, ...(exporters['node-exporter'] ?? [])] };
  for (const [component, { metrics: known }] of Object.entries(catalogueComponents)) {
    const found = (known as Readonly<Record<string, Metric>>)[name];
    if (found) return { ...found, targets: componentTargets(component as ComponentName, name) };
  }
  return undefined;
}
