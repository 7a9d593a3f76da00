import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { object } from '../object.ts';
import { container, podTemplate, serviceAccount } from '../workload.ts';

const healthPort = 13_133;
/** Traces that are kept in memory; the oldest go first. */
const maxTraces = 20_000;

const ports = [
  { name: 'http', port: componentPorts.jaeger },
  { name: 'otlp-grpc', port: componentPorts.otlpGrpc },
  { name: 'otlp-http', port: componentPorts.otlp },
] as const;

/** A trace store for a development cluster: one process that forgets when it ends. */
export function jaeger(context: ClusterContext): System {
  const self = part(context, 'jaeger');
  if (context.kubernetes.traces?.store !== 'jaeger') return { name: self.name, objects: [] };
  const health = { httpGet: { path: '/status', port: 'health' } };
  const workload = object('Deployment', metadata(self), {
    spec: {
      replicas: 1,
      // Two at once would each have half of the traces.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user: 10_001,
        spec: {
          containers: [
            container({
              name: 'jaeger',
              image: images.jaeger,
              args: [`--set=extensions.jaeger_storage.backends.some_storage.memory.max_traces=${maxTraces}`],
              // What it listens on, in its own configuration for all in one.
              env: [{ name: 'JAEGER_LISTEN_HOST', value: '0.0.0.0' }],
              size: sizeOf(context, 'jaeger'),
              ports: [
                ...ports.map(({ name, port }) => ({ name, containerPort: port })),
                { name: 'health', containerPort: healthPort },
              ],
              livenessProbe: { ...health, periodSeconds: 10, timeoutSeconds: 5 },
              readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 5 },
            }),
          ],
        },
      }),
    },
  });
  return {
    name: self.name,
    objects: [
      serviceAccount(self),
      object('Service', metadata(self), {
        spec: {
          type: 'ClusterIP',
          selector: self.selector,
          ports: ports.map(({ name, port }) => ({ name, port, targetPort: name, protocol: 'TCP' })),
        },
      }),
      workload,
    ],
  };
}
