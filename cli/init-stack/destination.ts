import type { ClusterEnvironment } from '../../infra/config/names.ts';
import {
  type Context,
  kubeconfigFiles,
  readContexts,
  refuseWrongCluster,
} from '../../infra/kubernetes/kubeconfig.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Terminal } from './terminal.ts';

/** What a stack is told of its cluster; keys of Pulumi.<name>.yaml. */
export interface Destination {
  readonly context: string;
  readonly cluster: string;
  readonly server?: string;
}

/**
 * Which cluster a stack is for: by the options, else by asking. It is held against the kubeconfig as the program does it.
 * @throws SightlineError SL1108 when the kubeconfig says otherwise, SL1111 when nobody can be asked
 */
export async function chooseDestination(
  environment: ClusterEnvironment,
  given: Partial<Destination>,
  env: NodeJS.ProcessEnv,
  terminal: Terminal | undefined,
): Promise<Destination> {
  const files = kubeconfigFiles(env);
  const contexts = readContexts(files);
  const context = given.context ?? (await askContext(environment, contexts, terminal));
  const destination = {
    context,
    // Naming it too is what refuses a context that later means another cluster.
    cluster: given.cluster ?? contexts.find(({ name }) => name === context)?.cluster ?? context,
    ...(given.server !== undefined && { server: given.server }),
  };
  refuseWrongCluster({ environment, expected: destination, secrets: new Set() }, files);
  return destination;
}

async function askContext(
  environment: ClusterEnvironment,
  contexts: readonly Context[],
  terminal: Terminal | undefined,
): Promise<string> {
  const names = contexts.map(({ name }) => name);
  if (terminal === undefined)
    throw new SightlineError('SL1111', {
      what: `no context is given; the kubeconfig has ${names.join(', ') || 'none'}`,
      where: 'npm run init-stack',
      fix: `npm run init-stack -- ${environment} --context <name>`,
    });
  console.error(`Contexts of your kubeconfig: ${names.join(', ') || 'none'}`);
  // The one in use is offered for a development cluster only: nobody should come to production by pressing Enter.
  const offered = environment === 'dev' ? contexts.find(({ current }) => current)?.name : undefined;
  return terminal.ask(`Context of ${environment}`, offered);
}
