import { loadOf } from '../../config/kubernetes.ts';
import { cacheMemory, lokiCaches } from '../../loki/targets.ts';
import { type ClusterContext, metadata, part } from '../context.ts';
import { images } from '../images.ts';
import { type KubernetesObject, object } from '../object.ts';
import { size } from '../sizes.ts';
import { container, disruptionBudget, podTemplate, serviceAccount, spread } from '../workload.ts';

export const cachePort = 11_211;

/** The user of the image of Memcached. */
const user = 11_211;
const replicas = 2;
const connections = 1024;

/** Memcached: when an instance is lost, what it kept is read from the bucket again. */
export function lokiCache(
  context: ClusterContext,
  cache: keyof typeof lokiCaches,
): readonly KubernetesObject[] {
  const { name, maxItem } = lokiCaches[cache];
  const self = part(context, name);
  const memory = Math.ceil(cacheMemory(loadOf(context.kubernetes))[cache] / replicas);
  const probe = { tcpSocket: { port: 'memcached' }, periodSeconds: 10, timeoutSeconds: 5 };
  return [
    serviceAccount(self),
    object('Service', metadata(self), {
      // Clients choose an instance themselves: the name stands for all of them.
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: self.selector,
        ports: [{ name: 'memcached', port: cachePort, targetPort: 'memcached', protocol: 'TCP' }],
      },
    }),
    object('Deployment', metadata(self), {
      spec: {
        replicas,
        selector: { matchLabels: self.selector },
        template: podTemplate(self, {
          user,
          spec: {
            ...spread(self.selector),
            containers: [
              container({
                name: 'memcached',
                image: images.memcached,
                args: [
                  `--memory-limit=${memory}`,
                  `--max-item-size=${maxItem}`,
                  `--conn-limit=${connections}`,
                ],
                // What it keeps, and a quarter more for its tables and connections.
                size: size({ cores: 0.1, memory: 64 + memory * 1.25, limit: 128 + memory * 1.5 }),
                ports: [{ name: 'memcached', containerPort: cachePort }],
                livenessProbe: probe,
                readinessProbe: probe,
              }),
            ],
          },
        }),
      },
    }),
    ...disruptionBudget(self, replicas),
  ];
}
