import type { KubernetesObject } from './object.ts';

/**
 * Destroying the stack leaves what people have recorded: volumes, and the namespaces that they are in. With a definition
 * every object of its kind would go, whoever made it.
 */
export const isKept = ({ kind }: KubernetesObject): boolean =>
  kind === 'Namespace' || kind === 'PersistentVolumeClaim' || kind === 'CustomResourceDefinition';
