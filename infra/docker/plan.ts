import { createHash } from 'node:crypto';
import type { EnvironmentConfig } from '../config.ts';
import { containerLabels } from '../render/container-logs.ts';

import { buildEnvironment, buildStack, type EnvironmentStack, type Stack } from '../stack.ts';
import { componentContainers } from './components.ts';
import type { ContainerSpec } from './container.ts';
import { renderDockerFiles } from './files.ts';
import { serviceContainers } from './services.ts';

/** The name of the stack on its host: of its network, and before the names of its containers and volumes. */
export const stackName = 'sightline';

/** A container with what it reads. */
export interface PlannedContainer extends ContainerSpec {
  /** As compose names the only one of its kind. */
  readonly containerName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Text of each file that it reads, by path below `containerRoot`. */
  readonly files: ReadonlyMap<string, string>;
}

/** The whole stack on one Docker host, as plain data. */
export interface DockerPlan {
  readonly stack: Stack;
  readonly containers: readonly PlannedContainer[];
  /** Every rendered file, by path below `containerRoot`. */
  readonly files: ReadonlyMap<string, string>;
}

export const containerNameOf = (name: string, replica = 1): string => `${stackName}-${name}-${replica}`;

/**
 * @param ingestors how many bring queued logs to Loki; more than one share Kafka as their queue
 * @throws TypeError for a configuration without addresses, which the schema refuses in a file
 */
export function planDocker(config: EnvironmentConfig, ingestors = 1): DockerPlan {
  const { urls } = config;
  if (!urls) throw new TypeError('a stack in containers has addresses');
  const environment = buildEnvironment({ config, urls });
  const options = { config, urls, routing: environment.routing, ingestors };
  const specs = [...componentContainers(options), ...serviceContainers(options)];
  const stack = dockerStack(environment, specs);
  const files = renderDockerFiles(stack, { stackName, withKafka: ingestors > 1 });
  return { stack, files, containers: specs.map((spec) => planned(spec, files)) };
}

function planned(spec: ContainerSpec, all: ReadonlyMap<string, string>): PlannedContainer {
  const files = new Map([...all].filter(([path]) => spec.reads.some((start) => path.startsWith(start))));
  return {
    ...spec,
    containerName: containerNameOf(spec.name),
    files,
    labels: {
      [containerLabels.stack]: stackName,
      [containerLabels.namespace]: spec.namespace,
      [containerLabels.service]: spec.name,
      // A container whose files have changed is another one: compose and Pulumi both make it anew.
      ...(files.size > 0 && { 'sightline.files': checksum(files) }),
    },
  };
}

const checksum = (files: ReadonlyMap<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');

/** The stack's data for containers: they find each other by their names. */
function dockerStack({ config, urls, today }: EnvironmentStack, specs: readonly ContainerSpec[]): Stack {
  const loki = specs.find(({ name }) => name === 'loki');
  return buildStack({
    config,
    today,
    urls: { ...urls, loki: `http://loki:${loki?.port}` },
    instances: specs.flatMap(instancesOf),
  });
}

/** Each container answers to its own name too; of several, only by that it is known which one answers. */
const instancesOf = ({ name, namespace, port, isScraped, replicas = 1 }: ContainerSpec): Stack['instances'] =>
  Array.from({ length: replicas }, (_, index) => {
    const pod = containerNameOf(name, index + 1);
    return {
      placement: { namespace, pod, uid: pod, container: name, service: name },
      ...(isScraped !== false && { address: `${replicas === 1 ? name : pod}:${port}` }),
    };
  });
