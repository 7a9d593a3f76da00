import type { types } from '@pulumi/kubernetes';
import type { Unwrap } from '@pulumi/pulumi';
import type { ClusterSecretRef } from './secrets.ts';

/** What `@pulumi/kubernetes` takes for each kind that is used here; only its types, so that data needs no Pulumi. */
interface Inputs {
  Namespace: types.input.core.v1.Namespace;
  ConfigMap: types.input.core.v1.ConfigMap;
  Service: types.input.core.v1.Service;
  ServiceAccount: types.input.core.v1.ServiceAccount;
  PersistentVolumeClaim: types.input.core.v1.PersistentVolumeClaim;
  ResourceQuota: types.input.core.v1.ResourceQuota;
  Deployment: types.input.apps.v1.Deployment;
  StatefulSet: types.input.apps.v1.StatefulSet;
  DaemonSet: types.input.apps.v1.DaemonSet;
  ClusterRole: types.input.rbac.v1.ClusterRole;
  ClusterRoleBinding: types.input.rbac.v1.ClusterRoleBinding;
  Role: types.input.rbac.v1.Role;
  RoleBinding: types.input.rbac.v1.RoleBinding;
  NetworkPolicy: types.input.networking.v1.NetworkPolicy;
  Ingress: types.input.networking.v1.Ingress;
  PodDisruptionBudget: types.input.policy.v1.PodDisruptionBudget;
  HorizontalPodAutoscaler: types.input.autoscaling.v2.HorizontalPodAutoscaler;
  PriorityClass: types.input.scheduling.v1.PriorityClass;
}

/** What the Prometheus Operator and Dapr add, and its definitions; the real API server holds them against their schemas. */
interface CustomBody {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly scopes?: readonly string[];
}

const apiVersions = {
  Namespace: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  PersistentVolumeClaim: 'v1',
  ResourceQuota: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PriorityClass: 'scheduling.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Prometheus: 'monitoring.coreos.com/v1',
  Alertmanager: 'monitoring.coreos.com/v1',
  PrometheusRule: 'monitoring.coreos.com/v1',
  ServiceMonitor: 'monitoring.coreos.com/v1',
  PodMonitor: 'monitoring.coreos.com/v1',
  Probe: 'monitoring.coreos.com/v1',
  Component: 'dapr.io/v1alpha1',
  Resiliency: 'dapr.io/v1alpha1',
} as const;

export type Kind = keyof typeof apiVersions;

/** A Secret before the target puts the values in. */
interface SecretBody {
  readonly stringData: Readonly<Record<string, string | ClusterSecretRef>>;
}

type Written = 'apiVersion' | 'kind' | 'metadata' | 'status';
type Body<K extends Kind> = K extends keyof Inputs
  ? Omit<Unwrap<Inputs[K]>, Written>
  : K extends 'Secret'
    ? SecretBody
    : CustomBody;

type Labels = Readonly<Record<string, string>>;

export interface Metadata {
  readonly name: string;
  /** Undefined for what belongs to the cluster. */
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export type ObjectOf<K extends Kind> = {
  readonly apiVersion: (typeof apiVersions)[K];
  readonly kind: K;
  readonly metadata: Metadata;
} & Body<K>;

/** An object of a cluster as plain data; told apart by its `kind`. */
export type KubernetesObject = { [K in Kind]: ObjectOf<K> }[Kind];

export const object = <K extends Kind>(kind: K, metadata: Metadata, body: Body<K>): ObjectOf<K> => ({
  apiVersion: apiVersions[kind],
  kind,
  metadata,
  ...body,
});

export type PodSpec = Unwrap<types.input.core.v1.PodSpec>;
export type Container = Unwrap<types.input.core.v1.Container>;
export type NetworkPolicySpec = Unwrap<types.input.networking.v1.NetworkPolicySpec>;
