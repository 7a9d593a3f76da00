import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { renderBlackbox } from '../../render/blackbox.ts';
import { type ClusterContext, metadata, part, type System, sizeOf } from '../context.ts';
import { images } from '../images.ts';
import { object } from '../object.ts';
import { container, podTemplate, probes, service, serviceAccount } from '../workload.ts';

export const blackboxName = 'blackbox-exporter';
const configDir = '/etc/blackbox';

/** Asks addresses as those ask them who use them, and tells Prometheus whether they answer. */
export function blackbox(context: ClusterContext): System {
  const self = part(context, blackboxName);
  const config = object('ConfigMap', metadata(self), { data: { 'blackbox.yaml': renderBlackbox() } });
  const workload = object('Deployment', metadata(self), {
    spec: {
      replicas: 1,
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user: 65_534,
        reads: [config],
        spec: {
          containers: [
            container({
              name: blackboxName,
              image: images[blackboxName],
              args: [
                `--config.file=${configDir}/blackbox.yaml`,
                `--web.listen-address=:${componentPorts.blackboxExporter}`,
                '--log.format=json',
              ],
              size: sizeOf(context, blackboxName),
              ports: [{ name: 'http', containerPort: componentPorts.blackboxExporter }],
              ...probes({ live: '/-/healthy', ready: '/-/healthy' }),
              volumeMounts: [{ name: 'config', mountPath: configDir, readOnly: true }],
            }),
          ],
          volumes: [{ name: 'config', configMap: { name: config.metadata.name } }],
        },
      }),
    },
  });
  return {
    name: blackboxName,
    objects: [serviceAccount(self), service(self, componentPorts.blackboxExporter), config, workload],
  };
}
