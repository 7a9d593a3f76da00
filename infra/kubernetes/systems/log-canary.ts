import { pipelineServices } from '../../../telemetry/contract/pipeline.ts';
import { type ClusterContext, metadata, namespaces, part, sizeOf } from '../context.ts';
import { pipelineUrl } from '../log-pipeline-config.ts';
import { type KubernetesObject, object } from '../object.ts';
import { spanVariables, tracesSecret } from '../span-export.ts';
import { container, podTemplate, probes, service, serviceAccount } from '../workload.ts';
import { servicesUser } from './services.ts';

const keyDir = '/etc/sightline/canary';
const keyFile = 'LOG_CANARY_KEY';

/** Sends known lines to the gateway as anybody would, and looks whether each arrives. */
export function logCanary(context: ClusterContext): readonly KubernetesObject[] {
  const { port, team } = pipelineServices['log-canary'];
  const self = part(context, 'log-canary', { namespace: namespaces.services, owner: team });
  const key = object('Secret', metadata(self, 'log-canary-key'), {
    stringData: { [keyFile]: { secretRef: 'LOG_CANARY_KEY' } },
  });
  const values = {
    PORT: String(port),
    HOST: '0.0.0.0',
    LOG_GATEWAY_URL: pipelineUrl('log-gateway'),
    LOG_CANARY_KEY_FILE: `${keyDir}/${keyFile}`,
    LOG_LEVEL: context.stack.config.services.logLevel,
  };
  return [
    key,
    serviceAccount(self),
    service(self, port),
    object('Deployment', metadata(self), {
      spec: {
        replicas: 1,
        // Two at once would each take the other's lines for its own.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: self.selector },
        template: podTemplate(self, {
          user: servicesUser,
          secrets: [key, ...tracesSecret(context)],
          spec: {
            containers: [
              container({
                name: self.name,
                image: context.kubernetes.services.image,
                args: ['services/log-canary/main.ts'],
                size: sizeOf(context, 'log-canary'),
                env: [
                  ...Object.entries(values).map(([name, value]) => ({ name, value })),
                  ...spanVariables(context),
                ],
                ports: [{ name: 'http', containerPort: port }],
                ...probes({ live: '/health', ready: '/ready' }),
                volumeMounts: [{ name: 'key', mountPath: keyDir, readOnly: true }],
              }),
            ],
            volumes: [{ name: 'key', secret: { secretName: key.metadata.name, defaultMode: 0o440 } }],
          },
        }),
      },
    }),
  ];
}
