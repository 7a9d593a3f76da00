import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Target } from '../config/pulumi.ts';

/** Of a kubeconfig, what says which cluster a context means; credentials are not even looked at. */
const schema = z.object({
  'current-context': z.string().nullish(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })).nullish(),
});

type Kubeconfig = z.infer<typeof schema>;

const maxFileBytes = 1024 * 1024;

/** The files that kubectl reads: those of KUBECONFIG, else ~/.kube/config. */
export const kubeconfigFiles = (env: NodeJS.ProcessEnv): readonly string[] =>
  env.KUBECONFIG ? env.KUBECONFIG.split(delimiter).filter(Boolean) : [join(homedir(), '.kube', 'config')];

/**
 * Sees that the context leads to the cluster that the stack is for: a context is easily called like another.
 * @throws SightlineError SL1108 when it does not, or cannot be told
 */
export function refuseWrongCluster({ environment, expected }: Target, files: readonly string[]): void {
  const configs = files.map(readKubeconfig);
  // As kubectl does it: the first file that has a name says what it means.
  const context = configs
    .flatMap(({ contexts }) => contexts ?? [])
    .find(({ name }) => name === expected.context);
  const refuse = (what: string): SightlineError =>
    new SightlineError('SL1108', {
      what,
      where: files.join(', '),
      fix: `see \`kubectl config get-contexts\`; what ${environment} is deployed to is in Pulumi.${environment}.yaml`,
    });
  if (!context) throw refuse(`there is no context "${expected.context}"`);
  const { cluster } = context.context;
  if (cluster !== expected.cluster)
    throw refuse(
      `the context ${context.name} is for the cluster "${cluster}", not for "${expected.cluster}"`,
    );
  const server = configs.flatMap(({ clusters }) => clusters ?? []).find(({ name }) => name === cluster)
    ?.cluster.server;
  if (server === undefined) throw refuse(`nothing says where the cluster "${cluster}" is`);
  if (expected.server !== undefined && server !== expected.server)
    throw refuse(`the cluster ${cluster} is at ${server}, not at ${expected.server}`);
}

/** A context of the kubeconfig, and the cluster that it leads to. */
export interface Context {
  readonly name: string;
  readonly cluster: string;
  readonly current: boolean;
}

/**
 * Every context, as kubectl reads them: the first file that has a name says what it means.
 * @throws SightlineError SL1108 when a file cannot be read
 */
export function readContexts(files: readonly string[]): readonly Context[] {
  const configs = files.map(readKubeconfig);
  const current = configs.map((config) => config['current-context']).find(Boolean);
  const contexts = configs.flatMap((config) => config.contexts ?? []);
  return contexts
    .filter(({ name }, index) => contexts.findIndex((other) => other.name === name) === index)
    .map(({ name, context }) => ({ name, cluster: context.cluster, current: name === current }));
}

function readKubeconfig(file: string): Kubeconfig {
  const refuse = (what: string, cause?: unknown): SightlineError =>
    new SightlineError('SL1108', {
      what,
      where: file,
      fix: 'name your kubeconfig in KUBECONFIG',
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw refuse('the kubeconfig cannot be read', cause);
  }
  if (text.length > maxFileBytes) throw refuse('the kubeconfig is larger than 1 MiB');
  try {
    return schema.parse(parse(text, { maxAliasCount: 100 }));
  } catch {
    // Without a cause: a YAML error quotes the line, which may be a credential.
    throw refuse('this is no kubeconfig');
  }
}
