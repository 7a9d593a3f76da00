import { Provider } from '@pulumi/kubernetes';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Target } from '../config/pulumi.ts';
import type { System } from './context.ts';
import { isKept } from './kept.ts';
import type { KubernetesObject } from './object.ts';
import { createResource, type SecretValue } from './resources.ts';

/** One system with its objects below it. */
class SystemComponent extends ComponentResource {
  constructor(
    system: System,
    { secretValue, ...options }: ComponentResourceOptions & { readonly secretValue: SecretValue },
  ) {
    super(`sightline:kubernetes:${typeName(system.name)}`, system.name, {}, options);
    for (const object of system.objects)
      createResource(childName(system.name, object), object, {
        parent: this,
        secretValue,
        retainOnDelete: isKept(object),
      });
    this.registerOutputs({});
  }
}

const typeName = (name: string): string =>
  name.replaceAll(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());

/** Begins with the parent's name, and stays the same for as long as the object does. */
const childName = (parent: string, { kind, metadata }: KubernetesObject): string =>
  [parent, kind.toLowerCase(), ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join('-');

/** Declares every object of the systems; the ground is there before the others are begun. */
export function deploy(systems: readonly System[], target: Target, secretValue: SecretValue): void {
  const provider = new Provider('cluster', {
    context: target.expected.context,
    cluster: target.expected.cluster,
    enableServerSideApply: true,
    // A ConfigMap is changed in place: replaced, it would be gone for pods that start meanwhile.
    enableConfigMapMutable: true,
  });
  const declare = (system: System, options: ComponentResourceOptions): SystemComponent =>
    new SystemComponent(system, { ...options, providers: { kubernetes: provider }, secretValue });
  const ground = systems.filter(({ isGround }) => isGround).map((system) => declare(system, {}));
  for (const system of systems) if (!system.isGround) declare(system, { dependsOn: ground });
}
