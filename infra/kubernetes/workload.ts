import { createHash } from 'node:crypto';
import { metadata, nameLabel, type Part } from './context.ts';
import { type Container, type KubernetesObject, type ObjectOf, object, type PodSpec } from './object.ts';
import { secretsAnnotation } from './secrets.ts';
import { resources, type Size } from './sizes.ts';

/** What Pod Security `restricted` asks of a container, and a root filesystem that cannot be written. */
const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What Pod Security `restricted` asks of a pod. */
export const restrictedPod = (user: number) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  // Else every start waits until the owner of each file on the volume has been looked at.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
});

export const container = (
  spec: Omit<Container, 'name' | 'resources' | 'securityContext'> & {
    readonly name: string;
    readonly size: Size;
  },
): Container => {
  const { size, ...rest } = spec;
  return {
    imagePullPolicy: 'IfNotPresent',
    ...rest,
    resources: resources(size),
    securityContext: restrictedContainer,
  };
};

/** Probes by HTTP of a port named `http`: alive within half a minute, else started again; asked first while it starts. */
export const probes = (paths: { readonly live: string; readonly ready: string }) => ({
  // Two minutes for a start: a write-ahead log may have to be read first.
  startupProbe: { httpGet: { path: paths.live, port: 'http' }, periodSeconds: 3, failureThreshold: 40 },
  livenessProbe: { httpGet: { path: paths.live, port: 'http' }, periodSeconds: 10, timeoutSeconds: 5 },
  readinessProbe: { httpGet: { path: paths.ready, port: 'http' }, periodSeconds: 5, timeoutSeconds: 5 },
});

/**
 * Instances on different nodes and in different zones, as far as there is room; with `onOwnNodes` rather one waits than that
 * one node has more than the others. Zones stay a wish: nodes without the label of their zone would take none at all.
 */
export const spread = (
  selector: Part['selector'],
  { onOwnNodes = false }: { readonly onOwnNodes?: boolean | undefined } = {},
): Pick<PodSpec, 'affinity' | 'topologySpreadConstraints'> => ({
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: selector },
          },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      topologyKey: 'kubernetes.io/hostname',
      maxSkew: 1,
      whenUnsatisfiable: onOwnNodes ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: selector },
    },
    {
      topologyKey: 'topology.kubernetes.io/zone',
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selector },
    },
  ],
});

/**
 * Pods on whichever node the first of them went to, because they have a volume between them that one node can attach. The
 * first finds itself, so that it need not wait for another.
 */
export function onOneNode(
  what: string,
): Pick<PodSpec, 'affinity'> & { readonly labels: Readonly<Record<string, string>> } {
  const labels = { 'sightline/shares': what };
  return {
    labels,
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
        ],
      },
    },
  };
}

/** A pod of the part; `reads` are the objects whose change must start it anew. */
export const podTemplate = (
  part: Part,
  options: {
    /** Undefined for a pod that may run as root: that of an agent. */
    readonly user?: number;
    readonly reads?: readonly KubernetesObject[];
    /** Whose change must start it anew too. */
    readonly secrets?: readonly ObjectOf<'Secret'>[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec: PodSpec;
  },
) => ({
  metadata: {
    labels: part.labels,
    annotations: {
      ...(options.reads && { 'checksum/config': checksum(options.reads) }),
      ...(options.secrets && { [secretsAnnotation]: secretNames(options.secrets) }),
      ...options.annotations,
    },
  },
  spec: {
    serviceAccountName: part.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName,
    terminationGracePeriodSeconds: 30,
    ...(options.user !== undefined && { securityContext: restrictedPod(options.user) }),
    ...options.spec,
  },
});

/** Before what may wait: a cluster under pressure is when it is looked at. */
export const priorityClassName = 'sightline';

/** `a,b`: what stands there until the values are known. */
const secretNames = (secrets: readonly ObjectOf<'Secret'>[]): string =>
  secrets
    .flatMap(({ stringData }) => Object.values(stringData))
    .flatMap((value) => (typeof value === 'string' ? [] : [value.secretRef]))
    .join(',');

const checksum = (reads: readonly KubernetesObject[]): string =>
  createHash('sha256').update(JSON.stringify(reads)).digest('hex');

/** An account of the part's own, without rights; the default one might be given some by others. */
export const serviceAccount = (
  part: Part,
  annotations?: Readonly<Record<string, string>>,
): ObjectOf<'ServiceAccount'> =>
  object('ServiceAccount', metadata(part, part.name, annotations && { annotations }), {
    automountServiceAccountToken: false,
  });

/** One port named `http`. */
export const service = (
  part: Part,
  port: number,
  more: { readonly sessionAffinity?: string; readonly clusterIP?: string } = {},
): ObjectOf<'Service'> =>
  object('Service', metadata(part), {
    spec: {
      type: 'ClusterIP',
      ...more,
      selector: part.selector,
      ports: [{ name: 'http', port, targetPort: 'http', protocol: 'TCP' }],
    },
  });

/** Lets nodes be emptied one instance at a time; with a single instance it would keep them from it. */
export const disruptionBudget = (part: Part, replicas: number): readonly ObjectOf<'PodDisruptionBudget'>[] =>
  replicas < 2
    ? []
    : [
        object('PodDisruptionBudget', metadata(part), {
          spec: { maxUnavailable: 1, selector: { matchLabels: part.selector } },
        }),
      ];

/** A part that has no pods of its own making: the operator gives its pods this name too. */
export const selectedBy = (name: string) => ({ matchLabels: { [nameLabel]: name } });

/** What was recorded outlives the workload, unless somebody deletes its volume. */
export const keptVolumes = { whenDeleted: 'Retain', whenScaled: 'Retain' } as const;

export const volumeClaim = (storage: string, storageClass: string | undefined) => ({
  accessModes: ['ReadWriteOnce'],
  ...(storageClass && { storageClassName: storageClass }),
  resources: { requests: { storage } },
});
