import { type ClusterContext, labelsOf, namespaces, type System } from '../context.ts';
import { object } from '../object.ts';
import { priorityClassName } from '../workload.ts';

/** The least strict pods that each namespace admits. */
const podSecurity = {
  [namespaces.services]: 'restricted',
  [namespaces.stack]: 'restricted',
  // Promtail and the node exporter read their host's files.
  [namespaces.agents]: 'privileged',
} as const;

/** Nothing of ours is reachable from outside by itself. */
const closed = { 'services.loadbalancers': '0', 'services.nodeports': '0' };

/** Pods far above what is deployed: what runs away ends here. Agents are as many as there are nodes. */
const quotaOf = (namespace: string) =>
  namespace === namespaces.agents ? closed : { pods: '100', ...closed };

/** What comes before everything else: namespaces with what they admit, and the priority of what runs in them. */
export function cluster(context: ClusterContext): System {
  return {
    name: 'cluster',
    isGround: true,
    objects: [
      ...Object.entries(podSecurity).flatMap(([name, level]) => {
        const labels = labelsOf(context, name);
        const levels = Object.fromEntries(
          ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]),
        );
        return [
          object('Namespace', { name, labels: { ...labels, ...levels } }, {}),
          object(
            'ResourceQuota',
            { name: 'sightline', namespace: name, labels },
            { spec: { hard: quotaOf(name) } },
          ),
        ];
      }),
      object(
        'PriorityClass',
        { name: priorityClassName, labels: labelsOf(context, priorityClassName) },
        {
          value: 1_000_000,
          description: 'What is looked at while a cluster is under pressure',
          globalDefault: false,
        },
      ),
    ],
  };
}
