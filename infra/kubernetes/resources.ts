import {
  apiextensions,
  apps,
  autoscaling,
  core,
  networking,
  policy,
  rbac,
  scheduling,
  type types,
} from '@pulumi/kubernetes';
import {
  all,
  type CustomResource,
  type CustomResourceOptions,
  type Input,
  type Unwrap,
  unsecret,
} from '@pulumi/pulumi';
import type { KubernetesObject } from './object.ts';
import {
  type ClusterSecretRef,
  checksumKey,
  isClusterSecret,
  secretChecksum,
  secretsAnnotation,
} from './secrets.ts';

/** Gives a secret's value, marked so that Pulumi encrypts it wherever it keeps it. */
export type SecretValue = (secret: ClusterSecretRef) => Input<string>;

/** The resource of an object. */
export function createResource(
  name: string,
  object: KubernetesObject,
  { secretValue, ...options }: CustomResourceOptions & { readonly secretValue: SecretValue },
): CustomResource {
  switch (object.kind) {
    case 'Namespace':
      return new core.v1.Namespace(name, object, options);
    case 'ConfigMap':
      return new core.v1.ConfigMap(name, object, options);
    case 'Secret': {
      const stringData = Object.fromEntries(
        Object.entries(object.stringData).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : secretValue(value),
        ]),
      );
      return new core.v1.Secret(name, { ...object, stringData }, options);
    }
    case 'Service':
      return new core.v1.Service(name, object, options);
    case 'ServiceAccount':
      return new core.v1.ServiceAccount(name, object, options);
    case 'PersistentVolumeClaim':
      return new core.v1.PersistentVolumeClaim(name, object, options);
    case 'ResourceQuota':
      return new core.v1.ResourceQuota(name, object, options);
    case 'Deployment':
      return new apps.v1.Deployment(name, startedAnew(object, secretValue), options);
    case 'StatefulSet':
      return new apps.v1.StatefulSet(name, startedAnew(object, secretValue), options);
    case 'DaemonSet':
      return new apps.v1.DaemonSet(name, startedAnew(object, secretValue), options);
    case 'ClusterRole':
      return new rbac.v1.ClusterRole(name, object, options);
    case 'ClusterRoleBinding':
      return new rbac.v1.ClusterRoleBinding(name, object, options);
    case 'Role':
      return new rbac.v1.Role(name, object, options);
    case 'RoleBinding':
      return new rbac.v1.RoleBinding(name, object, options);
    case 'NetworkPolicy':
      return new networking.v1.NetworkPolicy(name, object, options);
    case 'Ingress':
      return new networking.v1.Ingress(name, object, options);
    case 'PodDisruptionBudget':
      return new policy.v1.PodDisruptionBudget(name, object, options);
    case 'HorizontalPodAutoscaler':
      return new autoscaling.v2.HorizontalPodAutoscaler(name, object, options);
    case 'PriorityClass':
      return new scheduling.v1.PriorityClass(name, object, options);
    case 'CustomResourceDefinition':
    case 'Prometheus':
    case 'Alertmanager':
    case 'PrometheusRule':
    case 'ServiceMonitor':
    case 'PodMonitor':
    case 'Probe':
    case 'Component':
    case 'Resiliency':
      return new apiextensions.CustomResource(name, object, options);
  }
}

interface Workload {
  readonly template: Unwrap<types.input.core.v1.PodTemplateSpec>;
}

/**
 * The workload with a checksum of the values in place of the names of secrets that its pods read when they start. No secret
 * itself: else Pulumi would hide the whole workload, and nobody could see what an update changes.
 */
function startedAnew<W extends { readonly spec?: Workload }>(workload: W, secretValue: SecretValue) {
  const { spec } = workload;
  const annotations = spec?.template.metadata?.annotations;
  const names = annotations?.[secretsAnnotation];
  if (!spec || names === undefined) return workload;
  const values = names.split(',').filter(isClusterSecret);
  const checksum = all([checksumKey, ...values.map((secretRef) => ({ secretRef }))].map(secretValue)).apply(
    ([key = '', ...rest]) => secretChecksum(key, rest),
  );
  const metadata = {
    ...spec.template.metadata,
    annotations: { ...annotations, [secretsAnnotation]: unsecret(checksum) },
  };
  return { ...workload, spec: { ...spec, template: { ...spec.template, metadata } } };
}
