import { namespaces as contractNamespaces } from '../../telemetry/contract/services.ts';
import { defaultTeam, type Team } from '../../telemetry/contract/teams.ts';
import { type KubernetesConfig, loadOf } from '../config/kubernetes.ts';
import type { ClusterEnvironment } from '../config/names.ts';
import type { EnvironmentStack } from '../stack.ts';
import type { KubernetesObject, Metadata } from './object.ts';
import { type Size, type Sized, sizeFor } from './sizes.ts';

/** Namespaces by what runs in them; agents read their host, which Pod Security allows in a namespace of their own alone. */
export const namespaces = { ...contractNamespaces, agents: 'monitoring-agents' } as const;

/** What every object of a cluster is derived from. */
export interface ClusterContext {
  readonly environment: ClusterEnvironment;
  readonly stack: EnvironmentStack;
  readonly kubernetes: KubernetesConfig;
}

/** Objects that belong together, under one component of the program. */
export interface System {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** Whether all of it is there before any system that is not so is begun. */
  readonly isGround?: true;
}

export const nameLabel = 'app.kubernetes.io/name';

/** What every object of ours carries, and what the operator's selectors go by. */
export const partOf = { 'app.kubernetes.io/part-of': 'sightline' } as const;

/** One workload with what belongs to it: Service, account, policies share its name and labels. */
export interface Part {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The label by which its pods are found; it is the `service` of their series and logs too. */
  readonly selector: { readonly [nameLabel]: string };
}

/** Labels of an object, or of pods, that belong to `name`. */
export const labelsOf = (
  { stack }: ClusterContext,
  name: string,
  owner: Team = defaultTeam,
): Readonly<Record<string, string>> => ({
  [nameLabel]: name,
  ...partOf,
  'app.kubernetes.io/managed-by': 'pulumi',
  environment: stack.config.environment,
  owner,
});

export const part = (
  context: ClusterContext,
  name: string,
  { namespace = namespaces.stack, owner }: { readonly namespace?: string; readonly owner?: Team } = {},
): Part => ({
  name,
  namespace,
  labels: labelsOf(context, name, owner),
  selector: { [nameLabel]: name },
});

/** Metadata of an object of the part: of its own name, or of another that begins with it. */
export const metadata = (
  { name, namespace, labels }: Part,
  objectName = name,
  more: { readonly annotations?: Readonly<Record<string, string>> } = {},
): Metadata => ({ name: objectName, namespace, labels, ...more });

/** The same for an object that belongs to no namespace. */
export const clusterMetadata = ({ name, labels }: Part): Metadata => ({ name: `sightline-${name}`, labels });

export const sizeOf = ({ kubernetes }: ClusterContext, name: Sized): Size =>
  sizeFor(name, loadOf(kubernetes));

/** Where a part's Service is found within the cluster. */
export const inCluster = (name: string, port: number, namespace: string = namespaces.stack): string =>
  `http://${name}.${namespace}.svc:${port}`;
