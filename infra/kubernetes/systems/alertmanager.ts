import { secretsOfIntegration } from '../../../alerts/receivers.ts';
import { componentPorts } from '../../../telemetry/contract/ports.ts';
import type { SecretRef } from '../../../telemetry/contract/secrets.ts';
import { renderAlertmanager } from '../../render/alertmanager.ts';
import { productVersions } from '../../versions.ts';
import {
  type ClusterContext,
  metadata,
  namespaces,
  type Part,
  part,
  type System,
  sizeOf,
} from '../context.ts';
import { images } from '../images.ts';
import { type ObjectOf, object } from '../object.ts';
import { resources } from '../sizes.ts';
import {
  disruptionBudget,
  keptVolumes,
  priorityClassName,
  restrictedPod,
  service,
  serviceAccount,
  spread,
  volumeClaim,
} from '../workload.ts';

const names = {
  config: 'alertmanager-config',
  receivers: 'alertmanager-receivers',
  templates: 'alertmanager-templates',
} as const;

/** The operator's headless Service of all replicas, for what is told to one alone is lost with it; or that of another. */
export function everyAlertmanager({ kubernetes }: ClusterContext): string {
  const other = kubernetes.existing?.alertmanager;
  if (!other) return `_http._tcp.alertmanager-operated.${namespaces.stack}.svc`;
  const host = `${other.service}.${other.namespace}.svc`;
  return other.portName === undefined ? `${host}:${other.port}` : `_${other.portName}._tcp.${host}`;
}

/** Where the operator puts what a custom resource of Alertmanager names. */
const mounted = '/etc/alertmanager';

/** Alertmanager by the operator; its configuration names files, and only the Secret of receivers holds values. */
export function alertmanager(context: ClusterContext): System {
  const self = part(context, 'alertmanager');
  const { replicas } = context.kubernetes.alertmanager;
  const { 'alertmanager.yml': config = '', ...templates } = Object.fromEntries(
    renderAlertmanager(context.stack.routing, {
      timeScale: context.stack.timeScale,
      templatesGlob: `${mounted}/configmaps/${names.templates}/*.tmpl`,
      resolveSecret: ({ secretRef }) => ({
        kind: 'file',
        path: `${mounted}/secrets/${names.receivers}/${secretRef}`,
      }),
    }),
  );
  return {
    name: 'alertmanager',
    objects: [
      serviceAccount(self),
      service(self, componentPorts.alertmanager),
      object('Secret', metadata(self, names.config), { stringData: { 'alertmanager.yaml': config } }),
      object('Secret', metadata(self, names.receivers), { stringData: receiverSecrets(context) }),
      object('ConfigMap', metadata(self, names.templates), {
        data: Object.fromEntries(
          Object.entries(templates).map(([path, text]) => [path.replace('templates/', ''), text]),
        ),
      }),
      custom(context, self),
      ...disruptionBudget(self, replicas),
    ],
  };
}

/** Every secret that the routing of this environment refers to, by the name of its file. */
function receiverSecrets({ stack }: ClusterContext): Readonly<Record<string, SecretRef>> {
  const used = stack.routing.receivers.flatMap(({ integrations }) =>
    integrations.flatMap(secretsOfIntegration),
  );
  return Object.fromEntries(used.map((secret) => [secret.secretRef, secret]));
}

const custom = (context: ClusterContext, self: Part): ObjectOf<'Alertmanager'> =>
  object('Alertmanager', metadata(self), {
    spec: {
      replicas: context.kubernetes.alertmanager.replicas,
      image: images.alertmanager,
      version: productVersions.alertmanager.version,
      externalUrl: context.stack.urls.alertmanager,
      podMetadata: { labels: self.labels },
      serviceAccountName: self.name,
      automountServiceAccountToken: false,
      priorityClassName,
      securityContext: restrictedPod(65_534),
      persistentVolumeClaimRetentionPolicy: keptVolumes,
      resources: resources(sizeOf(context, 'alertmanager')),
      ...spread(self.selector),
      portName: 'http',
      logFormat: 'json',
      configSecret: names.config,
      secrets: [names.receivers],
      configMaps: [names.templates],
      // Silences and what was notified already.
      storage: { volumeClaimTemplate: { spec: volumeClaim('1Gi', context.kubernetes.storageClass) } },
    },
  });
