import { clusterMetadata, type Part } from './context.ts';
import { type ObjectOf, object } from './object.ts';

/** Rights in the whole cluster for the account of the part. */
export function clusterRole(
  part: Part,
  rules: NonNullable<ObjectOf<'ClusterRole'>['rules']>,
): readonly [ObjectOf<'ClusterRole'>, ObjectOf<'ClusterRoleBinding'>] {
  const { name, namespace } = part;
  const meta = clusterMetadata(part);
  return [
    object('ClusterRole', meta, { rules }),
    object('ClusterRoleBinding', meta, {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: meta.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  ];
}

/** Rights in one namespace, its own or another, for the account of the part. */
export function role(
  part: Part,
  rules: NonNullable<ObjectOf<'Role'>['rules']>,
  into: string = part.namespace,
): readonly [ObjectOf<'Role'>, ObjectOf<'RoleBinding'>] {
  const { name, namespace, labels } = part;
  const meta = { name, namespace: into, labels };
  return [
    object('Role', meta, { rules }),
    object('RoleBinding', meta, {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  ];
}

export const readOnly = ['get', 'list', 'watch'];
