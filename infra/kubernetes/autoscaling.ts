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

/** For a Deployment whose instances keep nothing to themselves. */
export const autoscaler = (
  self: Part,
  { replicas, maxReplicas }: Instances,
): readonly ObjectOf<'HorizontalPodAutoscaler'>[] =>
  maxReplicas === undefined
    ? []
    : [
        object('HorizontalPodAutoscaler', metadata(self), {
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: self.name },
            minReplicas: replicas,
            maxReplicas,
            metrics: [
              {
                type: 'Resource',
                resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuTarget } },
              },
            ],
          },
        }),
      ];
