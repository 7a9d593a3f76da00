import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import { ruleOptions } from '../../render/environment.ts';
import { renderLoki } from '../../render/loki.ts';
import { renderLogRules } from '../../render/rules.ts';
import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { isOurs } from '../existing.ts';
import { images } from '../images.ts';
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
import { everyAlertmanager } from './alertmanager.ts';
import { replicaAddresses } from './prometheus.ts';

/** The user of Grafana's images of Loki. */
const user = 10_001;
const grpcPort = 9095;
const dataDir = '/loki';
const configDir = '/etc/loki';
const rulesDir = `${configDir}/rules`;

/** Loki as one process with its data on a volume, and the rules that its ruler evaluates. */
export function loki(context: ClusterContext): System {
  const self = part(context, 'loki');
  const { stack, kubernetes } = context;
  const config = object('ConfigMap', metadata(self), {
    data: {
      'loki.yaml': renderLoki(stack, {
        dataDir,
        listen: { host: '0.0.0.0', port: componentPorts.loki, grpcPort, self: '127.0.0.1' },
        ruler: {
          rulesDir,
          alertmanager: everyAlertmanager(context),
          prometheuses: isOurs(context, 'prometheus') ? replicaAddresses(context) : [],
        },
      }),
    },
  });
  const rules = object('ConfigMap', metadata(self, 'loki-rules'), {
    data: { 'sightline.yml': renderLogRules(stack.logRules, ruleOptions(stack)) },
  });
  const workload = object('StatefulSet', metadata(self), {
    spec: {
      // Its data is on one volume.
      replicas: 1,
      serviceName: self.name,
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user,
        reads: [config, rules],
        spec: {
          // It writes what it holds in memory before it ends.
          terminationGracePeriodSeconds: 300,
          containers: [
            container({
              name: 'loki',
              image: images.loki,
              args: [`-config.file=${configDir}/loki.yaml`],
              size: sizeOf(context, 'loki'),
              ports: [
                { name: 'http', containerPort: componentPorts.loki },
                { name: 'grpc', containerPort: grpcPort },
              ],
              ...probes({ live: '/services', ready: '/ready' }),
              volumeMounts: [
                { name: 'config', mountPath: `${configDir}/loki.yaml`, subPath: 'loki.yaml', readOnly: true },
                { name: 'rules', mountPath: `${rulesDir}/${platformTenant}`, readOnly: true },
                { name: 'data', mountPath: dataDir },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            }),
          ],
          volumes: [
            { name: 'config', configMap: { name: config.metadata.name } },
            { name: 'rules', configMap: { name: rules.metadata.name } },
            { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
          ],
        },
      }),
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
    objects: [serviceAccount(self), service(self, componentPorts.loki), config, rules, workload],
  };
}
