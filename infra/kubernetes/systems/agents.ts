import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { type ClusterContext, metadata, namespaces, part, type System, sizeOf } from '../context.ts';
import { lokiHasPassword } from '../existing.ts';
import { images } from '../images.ts';
import { logAgent } from '../log-agents.ts';
import { type Container, object, type PodSpec } from '../object.ts';
import { clusterRole, readOnly } from '../rbac.ts';
import { container, podTemplate, probes, serviceAccount } from '../workload.ts';

const secretsDir = '/etc/sightline/secrets';
const inAgents = { namespace: namespaces.agents } as const;

/** On every node, whatever keeps other pods from it. */
const everyNode = {
  tolerations: [{ operator: 'Exists' }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
};

const oneNodeAtATime = {
  type: 'RollingUpdate',
  rollingUpdate: { maxUnavailable: '10%' },
};

type Volume = NonNullable<PodSpec['volumes']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];

const hostFolder = (name: string, path: string): { readonly volume: Volume; readonly mount: Mount } => ({
  volume: { name, hostPath: { path } },
  mount: { name, mountPath: path, readOnly: true },
});

/**
 * Collects the log of every container, from the files that the kubelet keeps of them. Alloy takes Promtail's place under
 * its name: on no node do both run, and monitors, policies, rules and dashboards hold for either.
 */
export function promtail(context: ClusterContext): System {
  const self = part(context, 'promtail', inAgents);
  const positions = '/var/lib/sightline/promtail';
  const logs = [
    hostFolder('pods', '/var/log/pods'),
    // Where Docker is the runtime, the files in the pods' folders are links to here.
    hostFolder('containers', '/var/lib/docker/containers'),
  ];
  const agent = logAgent(context, { state: positions, passwordFile: `${secretsDir}/LOKI_PASSWORD` });
  const config = object('ConfigMap', metadata(self), { data: Object.fromEntries([agent.config]) });
  const secrets = lokiHasPassword(context)
    ? [object('Secret', metadata(self), { stringData: { LOKI_PASSWORD: { secretRef: 'LOKI_PASSWORD' } } })]
    : [];
  const workload = object('DaemonSet', metadata(self), {
    spec: {
      selector: { matchLabels: self.selector },
      updateStrategy: oneNodeAtATime,
      template: podTemplate(self, {
        reads: [config],
        ...(secrets.length > 0 && { secrets }),
        spec: {
          ...everyNode,
          automountServiceAccountToken: true,
          // The kubelet's files can be read by root alone.
          securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            container({
              name: 'promtail',
              image: agent.image,
              args: [...agent.args],
              size: sizeOf(context, context.kubernetes.agent),
              env: [{ name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              ports: [{ name: 'http', containerPort: componentPorts.promtail }],
              // It is not ready while its node has nothing to collect: no reason to end it.
              livenessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 10, timeoutSeconds: 5 },
              readinessProbe: {
                httpGet: { path: agent.ready, port: 'http' },
                periodSeconds: 10,
                timeoutSeconds: 5,
              },
              volumeMounts: [
                { name: 'config', mountPath: '/etc/promtail', readOnly: true },
                { name: 'positions', mountPath: positions },
                ...secrets.map(() => ({ name: 'secrets', mountPath: secretsDir, readOnly: true })),
                ...logs.map(({ mount }) => mount),
              ],
            }),
          ],
          volumes: [
            { name: 'config', configMap: { name: config.metadata.name } },
            ...secrets.map(({ metadata: { name } }) => ({
              name: 'secrets',
              secret: { secretName: name, defaultMode: 0o440 },
            })),
            // On the host, so that a new pod goes on where the last one ended.
            { name: 'positions', hostPath: { path: positions, type: 'DirectoryOrCreate' } },
            ...logs.map(({ volume }) => volume),
          ],
        },
      }),
    },
  });
  return {
    name: 'promtail',
    objects: [
      serviceAccount(self),
      ...clusterRole(self, [{ apiGroups: [''], resources: ['pods'], verbs: readOnly }]),
      ...secrets,
      config,
      workload,
    ],
  };
}

/** Tells Prometheus about the node itself. */
export function nodeExporter(context: ClusterContext): System {
  const self = part(context, 'node-exporter', inAgents);
  const port = componentPorts.nodeExporter;
  const root = { name: 'root', mountPath: '/host/root', readOnly: true, mountPropagation: 'HostToContainer' };
  const workload = object('DaemonSet', metadata(self), {
    spec: {
      selector: { matchLabels: self.selector },
      updateStrategy: oneNodeAtATime,
      template: podTemplate(self, {
        user: 65_534,
        spec: {
          ...everyNode,
          // The node's own network interfaces and processes, not those of a pod.
          hostNetwork: true,
          hostPID: true,
          containers: [
            container({
              name: 'node-exporter',
              image: images['node-exporter'],
              args: [
                `--web.listen-address=:${port}`,
                '--log.format=json',
                '--collector.processes',
                `--path.rootfs=${root.mountPath}`,
              ],
              size: sizeOf(context, 'node-exporter'),
              ports: [{ name: 'http', containerPort: port, hostPort: port }],
              ...probes({ live: '/', ready: '/' }),
              volumeMounts: [root],
            }),
          ],
          volumes: [{ name: root.name, hostPath: { path: '/' } }],
        },
      }),
    },
  });
  return { name: 'node-exporter', objects: [serviceAccount(self), workload] };
}
