import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import { isDistributed, lokiStore } from '../../config/loki.ts';
import { renderLoki } from '../../render/loki.ts';
import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { bucketAccess } from '../loki-bucket.ts';
import { object } from '../object.ts';
import {
  container,
  keptVolumes,
  podTemplate,
  probes,
  service,
  serviceAccount,
  volumeClaim,
} from '../workload.ts';
import { configDir, dataDir, lokiRules, lokiUser, rulerOptions, rulesDir } from './loki-common.ts';
import { distributedLoki } from './loki-distributed.ts';

const grpcPort = 9095;

/** Loki as the environment has it. */
export const loki = (context: ClusterContext): System =>
  isDistributed(context.stack.config.loki) ? distributedLoki(context) : singleLoki(context);

/** Loki as one process with its data on a volume, or in a bucket, and the rules that its ruler evaluates. */
function singleLoki(context: ClusterContext): System {
  const self = part(context, 'loki');
  const { stack, kubernetes } = context;
  const access = bucketAccess(lokiStore(stack.config.loki), self);
  const config = object('ConfigMap', metadata(self), {
    data: {
      'loki.yaml': renderLoki(stack, {
        dataDir,
        listen: { host: '0.0.0.0', port: componentPorts.loki, grpcPort, self: '127.0.0.1' },
        ruler: rulerOptions(context),
      }),
    },
  });
  const rules = lokiRules(context, self);
  const workload = object('StatefulSet', metadata(self), {
    spec: {
      // Its data is on one volume.
      replicas: 1,
      serviceName: self.name,
      selector: { matchLabels: self.selector },
      template: podTemplate(
        { ...self, labels: { ...self.labels, ...access.podLabels } },
        {
          user: lokiUser,
          reads: [config, rules],
          ...(access.secrets.length > 0 && { secrets: access.secrets }),
          spec: {
            // It writes what it holds in memory before it ends.
            terminationGracePeriodSeconds: 300,
            containers: [
              container({
                name: 'loki',
                image: images.loki,
                args: [`-config.file=${configDir}/loki.yaml`, ...access.args],
                ...(access.env.length > 0 && { env: access.env }),
                size: sizeOf(context, 'loki'),
                ports: [
                  { name: 'http', containerPort: componentPorts.loki },
                  { name: 'grpc', containerPort: grpcPort },
                ],
                ...probes({ live: '/services', ready: '/ready' }),
                volumeMounts: [
                  {
                    name: 'config',
                    mountPath: `${configDir}/loki.yaml`,
                    subPath: 'loki.yaml',
                    readOnly: true,
                  },
                  { name: 'rules', mountPath: `${rulesDir}/${platformTenant}`, readOnly: true },
                  { name: 'data', mountPath: dataDir },
                  { name: 'tmp', mountPath: '/tmp' },
                  ...access.mounts,
                ],
              }),
            ],
            volumes: [
              { name: 'config', configMap: { name: config.metadata.name } },
              { name: 'rules', configMap: { name: rules.metadata.name } },
              { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
              ...access.volumes,
            ],
          },
        },
      ),
      persistentVolumeClaimRetentionPolicy: keptVolumes,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', labels: self.selector },
          spec: volumeClaim(kubernetes.loki.volume, kubernetes.storageClass),
        },
      ],
    },
  });
  return {
    name: 'loki',
    objects: [
      serviceAccount(self, access.annotations),
      service(self, componentPorts.loki),
      config,
      rules,
      ...access.secrets,
      workload,
    ],
  };
}
