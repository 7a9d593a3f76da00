import { Argument, Command } from 'commander';
import { type ClusterEnvironment, clusterEnvironments } from '../../infra/config/names.ts';
import type { ClusterSecretName } from '../../infra/kubernetes/secrets.ts';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { chooseDestination, type Destination } from '../init-stack/destination.ts';
import { pulumiArguments, pulumiOnPath, type StackKeys } from '../init-stack/pulumi.ts';
import {
  type PlannedSecret,
  planSecrets,
  secretsToSet,
  secretsWanted,
  secretValue,
  withoutSecrets,
} from '../init-stack/secrets.ts';
import { openTerminal, type Terminal } from '../init-stack/terminal.ts';
import { interruptible } from '../interruptible.ts';

const examples = `
Examples:
  npm run init-stack -- dev                       asks for the context and every secret
  npm run init-stack -- dev --dry-run             shows what it would tell Pulumi, and changes nothing
  npm run init-stack -- prod --replace            asks for secrets again that the stack has already
  HEARTBEAT_URL=https://… npm run init-stack -- staging --context staging --make-up

Secrets are asked for without showing them, or taken from environment variables of their names. They reach Pulumi by
standard input, never by a command line. It can be run again: what is there stays, what is missing is asked for.`;

interface Options extends Partial<Destination> {
  readonly makeUp?: boolean;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

/** `init-stack`: the configuration of a Pulumi stack, from the first question to `pulumi up`. */
export function initStackCommand(): Command {
  return new Command('init-stack')
    .addArgument(new Argument('<environment>', 'the stack').choices(clusterEnvironments))
    .option('--context <name>', 'the context of your kubeconfig')
    .option('--cluster <name>', 'the cluster that it must lead to (by default the one that it leads to now)')
    .option(
      '--server <address>',
      'the address that the cluster must have, such as https://prod.example.com:6443',
    )
    .option(
      '--make-up',
      'make up secrets that are only ours: AUTH_SECRET, GRAFANA_ADMIN_PASSWORD, GRAFANA_SECRET_KEY',
    )
    .option('--replace', 'also the secrets that the stack has already, but for GRAFANA_SECRET_KEY')
    .option('--dry-run', 'ask for no secret, change nothing, show what would be told to Pulumi')
    .addHelpText('after', examples)
    .action((environment: ClusterEnvironment, options: Options) =>
      interruptible((signal) => initStack(environment, options, signal)),
    );
}

async function initStack(
  environment: ClusterEnvironment,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const terminal = process.stdin.isTTY ? openTerminal(signal) : undefined;
  try {
    const destination = await chooseDestination(environment, options, process.env, terminal);
    console.error(
      `${environment} goes to the cluster ${destination.cluster} by the context ${destination.context}.`,
    );
    if (options.dryRun) dryRun(environment, destination, options);
    else await configure(environment, destination, options, { terminal, signal });
  } finally {
    terminal?.close();
  }
}

function dryRun(
  environment: ClusterEnvironment,
  destination: Destination,
  { makeUp = false }: Options,
): void {
  const secrets = planSecrets(secretsWanted(environment), { env: process.env, makeUp, canAsk: true });
  const lines = [
    pulumiArguments.selectStack(environment).join(' '),
    ...Object.entries(destination).map(([key, value]) =>
      pulumiArguments.set(environment, key, value).join(' '),
    ),
    ...secrets.map(
      ({ name, source }) =>
        `${pulumiArguments.setSecret(environment, name).join(' ')}  # value: ${shown(source)}`,
    ),
  ];
  console.log(lines.map((line) => `pulumi ${line}`).join('\n'));
  console.error('Nothing was changed. What the stack has already would be left as it is.');
}

const shown = (source: PlannedSecret['source']): string =>
  ({ environment: 'of the environment variable', 'made up': 'made up', asked: 'asked for' })[source];

async function configure(
  environment: ClusterEnvironment,
  destination: Destination,
  { makeUp = false, replace = false }: Options,
  { terminal, signal }: { readonly terminal: Terminal | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const env = withoutSecrets(process.env);
  const pulumi = await pulumiOnPath(environment, env, signal);
  console.error(`pulumi ${await pulumi.version()}`);
  if ((await executableOnPath('kubectl', env)) === undefined)
    console.error('kubectl is not on PATH: Pulumi does without it, the how-tos do not.');
  await pulumi.selectStack();
  const there = await pulumi.keys();
  const wanted = secretsWanted(environment);
  const missing = secretsToSet(wanted, there.secret, replace);
  // Every answer comes before the first change: a value that is missing or wrong leaves the stack as it was.
  const planned = planSecrets(missing, { env: process.env, makeUp, canAsk: terminal !== undefined });
  const values = new Map<ClusterSecretName, string>();
  for (const secret of planned) values.set(secret.name, await secretValue(secret, process.env, terminal));
  for (const [key, value] of Object.entries(destination))
    if (there.plain.get(key) !== value) await pulumi.set(key, value);
  for (const [name, value] of values) await pulumi.setSecret(name, value);
  conclude(environment, planned, wanted, there);
}

function conclude(
  environment: ClusterEnvironment,
  planned: readonly PlannedSecret[],
  wanted: readonly string[],
  there: StackKeys,
): void {
  const stray = [...there.secret].filter((name) => !wanted.includes(name));
  const known = [...there.plain.keys()].filter((name) => wanted.includes(name));
  console.log(
    [
      `${environment}: ${planned.length} secrets set, ${wanted.length - planned.length} left as they were.`,
      ...known.map((name) => `${name} stood there for everybody to read: change it where it is from.`),
      ...stray.map((name) => `Nothing uses ${name}: pulumi config --stack ${environment} rm ${name}`),
      ...(planned.some(({ name }) => name === 'GRAFANA_ADMIN_PASSWORD')
        ? [`Grafana's password: pulumi config --stack ${environment} get GRAFANA_ADMIN_PASSWORD`]
        : []),
      `Next, in this folder: PATH="$PWD/node_modules/.bin:$PATH" pulumi preview --stack ${environment}`,
      'Pulumi runs the program by the Node on PATH, and that one is right; `npm run golden` installs its packages.',
    ].join('\n'),
  );
}
