import type { kafkaMetrics } from '../../telemetry/catalogue/kafka.ts';
import { metadata, type Part } from './context.ts';
import { type ObjectOf, object } from './object.ts';

/** How many instances a Deployment has: as many, or between the two as its work asks for. */
interface Instances {
  readonly replicas: number;
  readonly maxReplicas?: number | undefined;
}

/** Share of what it is promised that an instance may use before another comes, in per cent. */
const cpuTarget = 70;

/** `replicas` of a Deployment, left to its autoscaler where it has one: each apply would take its instances away. */
export const replicasOf = ({ replicas, maxReplicas }: Instances): { readonly replicas?: number } =>
  maxReplicas === undefined ? { replicas } : {};

const scaleTarget = ({ name }: Part) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });

type Autoscaler = ObjectOf<'HorizontalPodAutoscaler'>;
type How = Pick<NonNullable<Autoscaler['spec']>, 'metrics' | 'behavior'>;

/** None where the number of instances is fixed. */
function scaledBy(how: How, self: Part, { replicas, maxReplicas }: Instances): readonly Autoscaler[] {
  if (maxReplicas === undefined) return [];
  const spec = { scaleTargetRef: scaleTarget(self), minReplicas: replicas, maxReplicas, ...how };
  return [object('HorizontalPodAutoscaler', metadata(self), { spec })];
}

const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuTarget } };

/** For a Deployment whose instances keep nothing to themselves. */
export const autoscaler = (self: Part, instances: Instances): readonly Autoscaler[] =>
  scaledBy({ metrics: [{ type: 'Resource', resource: cpu }] }, self, instances);

/** The external metric that says how much a group of readers has before it (docs/how-to/scale-the-log-pipeline.md). */
const lagMetric = 'kafka_consumergroup_lag' satisfies keyof typeof kafkaMetrics;

/** By twos and one at a time: see `lagAutoscaler`. */
const slowly: How['behavior'] = {
  scaleUp: {
    stabilizationWindowSeconds: 60,
    policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
  },
  scaleDown: {
    stabilizationWindowSeconds: 900,
    policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }],
  },
};

/**
 * For readers of one group: another while more than `lag` records wait for each. Whoever comes or goes stops all of them
 * for a moment, so that they come by twos and go one at a time, after a quarter of an hour in which fewer would have done.
 */
export function lagAutoscaler(
  self: Part,
  { lag, group, ...instances }: Instances & { readonly lag?: number | undefined; readonly group: string },
): readonly Autoscaler[] {
  if (lag === undefined) return [];
  const external = {
    metric: { name: lagMetric, selector: { matchLabels: { consumergroup: group } } },
    target: { type: 'AverageValue', averageValue: String(lag) },
  };
  return scaledBy({ metrics: [{ type: 'External', external }], behavior: slowly }, self, instances);
}
