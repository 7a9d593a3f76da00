import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import { loadOf } from '../../config/kubernetes.ts';
import { lokiStore } from '../../config/loki.ts';
import {
  instancesFor,
  type LokiTargetName,
  lokiCaches,
  lokiTargetNames,
  lokiTargets,
  needOf,
} from '../../loki/targets.ts';
import { instanceFlags, renderDistributedLoki } from '../../render/loki-distributed.ts';
import { type ClusterContext, componentLabel, metadata, type Part, part, type System } from '../context.ts';
import { images } from '../images.ts';
import { bucketAccess } from '../loki-bucket.ts';
import { type Container, type KubernetesObject, type ObjectOf, object } from '../object.ts';
import { size } from '../sizes.ts';
import {
  container,
  disruptionBudget,
  keptVolumes,
  podTemplate,
  probes,
  serviceAccount,
  spread,
  volumeClaim,
} from '../workload.ts';
import { cachePort, lokiCache } from './loki-cache.ts';
import { configDir, dataDir, lokiRules, lokiUser, rulerOptions, rulesDir } from './loki-common.ts';

export const lokiPorts = { http: componentPorts.loki, grpc: 9095, gossip: 7946 } as const;

/** Disk of what only works on copies. Loki's Helm chart has the same for each. */
const workingVolume = '10Gi';

/** Loki as a workload a target, which find each other by gossip and keep log lines in a bucket. */
export function distributedLoki(context: ClusterContext): System {
  const self = part(context, 'loki');
  const access = bucketAccess(lokiStore(context.stack.config.loki), self);
  const config = configuration(context, self);
  const rules = lokiRules(context, self);
  return {
    name: 'loki',
    objects: [
      serviceAccount(self, access.annotations),
      config,
      rules,
      ...access.secrets,
      gossip(self),
      ...lokiTargetNames.flatMap((target) => targetObjects(context, self, target, { access, config, rules })),
      ...(['chunks', 'results'] as const).flatMap((cache) => lokiCache(context, cache)),
    ],
  };
}

function configuration(context: ClusterContext, { namespace, ...self }: Part): ObjectOf<'ConfigMap'> {
  const at = (name: string, port: number): string => `${name}.${namespace}.svc:${port}`;
  const cache = (name: string): string => `dns+${at(name, cachePort)}`;
  return object('ConfigMap', metadata({ ...self, namespace }), {
    data: {
      'loki.yaml': renderDistributedLoki(context.stack, {
        dataDir,
        listen: {
          host: '0.0.0.0',
          port: lokiPorts.http,
          grpcPort: lokiPorts.grpc,
          gossipPort: lokiPorts.gossip,
        },
        peers: {
          members: [at(memberlist, lokiPorts.gossip)],
          compactor: {
            http: at(nameOf('compactor'), lokiPorts.http),
            grpc: at(nameOf('compactor'), lokiPorts.grpc),
          },
          querier: at(nameOf('querier'), lokiPorts.http),
          indexGateways: `dns+${at(nameOf('index-gateway'), lokiPorts.grpc)}`,
          caches: { chunks: cache(lokiCaches.chunks.name), results: cache(lokiCaches.results.name) },
        },
        ruler: rulerOptions(context),
        // What is promised to it; its limit is twice that.
        replayMemory: Math.ceil(needOf('ingester', loadOf(context.kubernetes)).memory),
      }),
    },
  });
}

const memberlist = 'loki-memberlist';
const nameOf = (target: LokiTargetName): string => `loki-${target}`;

/** By its name every pod of Loki is found, ready or not: a ring begins before anybody is. */
const gossip = (self: Part): ObjectOf<'Service'> =>
  object('Service', metadata(self, memberlist), {
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: self.selector,
      ports: [{ name: 'gossip', port: lokiPorts.gossip, targetPort: 'gossip', protocol: 'TCP' }],
    },
  });

interface Shared {
  readonly access: ReturnType<typeof bucketAccess>;
  readonly config: ObjectOf<'ConfigMap'>;
  readonly rules: ObjectOf<'ConfigMap'>;
}

function targetObjects(
  context: ClusterContext,
  loki: Part,
  target: LokiTargetName,
  shared: Shared,
): readonly KubernetesObject[] {
  const component = { [componentLabel]: target };
  const self: Part = {
    ...loki,
    name: nameOf(target),
    labels: { ...loki.labels, ...component },
    selector: { ...loki.selector, ...component },
  };
  const { disk } = lokiTargets[target];
  const replicas = instancesFor(target, loadOf(context.kubernetes));
  const common = {
    replicas,
    selector: { matchLabels: self.selector },
    template: targetPod(context, self, target, shared),
  };
  const { loki: sized, storageClass } = context.kubernetes;
  return [
    object('Service', metadata(self), {
      spec: {
        type: 'ClusterIP',
        // Whoever keeps something is spoken to as itself.
        ...(disk && { clusterIP: 'None' }),
        selector: self.selector,
        ports: (['http', 'grpc'] as const).map((name) => ({
          name,
          port: lokiPorts[name],
          targetPort: name,
          protocol: 'TCP',
        })),
      },
    }),
    disk
      ? object('StatefulSet', metadata(self), {
          spec: {
            ...common,
            serviceName: self.name,
            // They wait for each other in the ring; a change still goes to one after the other.
            podManagementPolicy: 'Parallel',
            persistentVolumeClaimRetentionPolicy: keptVolumes,
            volumeClaimTemplates: [
              {
                metadata: { name: 'data', labels: self.selector },
                spec: volumeClaim(disk === 'wal' ? sized.volume : workingVolume, storageClass),
              },
            ],
          },
        })
      : object('Deployment', metadata(self), { spec: common }),
    ...disruptionBudget(self, replicas),
  ];
}

function targetPod(
  context: ClusterContext,
  self: Part,
  target: LokiTargetName,
  { access, config, rules }: Shared,
): ReturnType<typeof podTemplate> {
  const { disk, graceSeconds, apart } = lokiTargets[target];
  const isRuler = target === 'ruler';
  return podTemplate(
    { ...self, labels: { ...self.labels, ...access.podLabels } },
    {
      user: lokiUser,
      reads: [config, ...(isRuler ? [rules] : [])],
      ...(access.secrets.length > 0 && { secrets: access.secrets }),
      spec: {
        serviceAccountName: config.metadata.name,
        terminationGracePeriodSeconds: graceSeconds,
        // Two on one node would be two of a line's three copies: rather one waits for a node.
        ...spread(self.selector, { onOwnNodes: apart }),
        containers: [
          container({
            name: target,
            image: images.loki,
            args: [
              `-config.file=${configDir}/loki.yaml`,
              ...access.args,
              ...instanceFlags(target, { id: '$(POD_NAME)', address: '$(POD_IP)' }),
            ],
            env: [fromPod('POD_NAME', 'metadata.name'), fromPod('POD_IP', 'status.podIP'), ...access.env],
            size: size(needOf(target, loadOf(context.kubernetes))),
            ports: Object.entries(lokiPorts).map(([name, containerPort]) => ({ name, containerPort })),
            ...probes({ live: '/services', ready: '/ready' }),
            volumeMounts: [
              { name: 'config', mountPath: `${configDir}/loki.yaml`, subPath: 'loki.yaml', readOnly: true },
              ...(isRuler
                ? [{ name: 'rules', mountPath: `${rulesDir}/${platformTenant}`, readOnly: true }]
                : []),
              { name: 'data', mountPath: dataDir },
              { name: 'tmp', mountPath: '/tmp' },
              ...access.mounts,
            ],
          }),
        ],
        volumes: [
          { name: 'config', configMap: { name: config.metadata.name } },
          ...(isRuler ? [{ name: 'rules', configMap: { name: rules.metadata.name } }] : []),
          ...(disk ? [] : [{ name: 'data', emptyDir: { sizeLimit: '1Gi' } }]),
          { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
          ...access.volumes,
        ],
      },
    },
  );
}

const fromPod = (name: string, fieldPath: string): NonNullable<Container['env']>[number] => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});
