import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { ClusterEnvironment } from '../../infra/config/names.ts';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { SightlineError } from '../../telemetry/errors.ts';

const callTimeoutMs = 120_000;
const outputLimit = 1024 * 1024;

/** What a stack has already; values of secrets are not among it. */
export interface StackKeys {
  readonly plain: ReadonlyMap<string, string>;
  readonly secret: ReadonlySet<string>;
}

/** Pulumi's command line for one stack. */
export interface PulumiCli {
  readonly version: () => Promise<string>;
  /** Makes the stack unless it is there. On a terminal, Pulumi may ask for a passphrase. */
  readonly selectStack: () => Promise<void>;
  readonly keys: () => Promise<StackKeys>;
  readonly set: (key: string, value: string) => Promise<void>;
  /** The value goes by standard input: a command line is for everybody on the machine to read. */
  readonly setSecret: (name: string, value: string) => Promise<void>;
}

const listed = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().optional() }),
);

/** The arguments of each call, also for who wants to see them first. */
export const pulumiArguments = {
  selectStack: (stack: string) => ['stack', 'select', '--create', stack],
  set: (stack: string, key: string, value: string) => ['config', 'set', '--stack', stack, key, value],
  setSecret: (stack: string, name: string) => ['config', 'set', '--stack', stack, '--secret', name],
} as const;

/**
 * Pulumi as it is on PATH, run at the root of the repository.
 * @throws SightlineError SL1110 when it is not there; its functions throw it when Pulumi refuses
 */
export async function pulumiOnPath(
  stack: ClusterEnvironment,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<PulumiCli> {
  const path = await executableOnPath('pulumi', env);
  if (path === undefined)
    throw new SightlineError('SL1110', {
      what: 'pulumi is not on PATH',
      where: 'this machine',
      fix: 'install it: https://www.pulumi.com/docs/install/',
    });
  const call = (args: readonly string[], input = ''): Promise<string> =>
    callPulumi(path, ['--non-interactive', ...args], { env, signal, input });
  return {
    version: async () => (await call(['version'])).trim(),
    selectStack: async () => {
      const args = pulumiArguments.selectStack(stack);
      if (process.stdin.isTTY) await runPulumi(path, args, { env, signal });
      else await call(args);
    },
    keys: async () => keysIn(await call(['config', '--stack', stack, '--json'])),
    set: async (key, value) => void (await call(pulumiArguments.set(stack, key, value))),
    setSecret: async (name, value) => void (await call(pulumiArguments.setSecret(stack, name), value)),
  };
}

interface Call {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

function callPulumi(
  path: string,
  args: readonly string[],
  { env, signal, input }: Call & { readonly input: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      path,
      [...args],
      {
        cwd: repositoryRoot,
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
        signal,
        timeout: callTimeoutMs,
        maxBuffer: outputLimit,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(refused(args, error.killed ? 'it did not answer in two minutes' : stderr));
      },
    );
    // It may end before it has read all: what it says then is the error that counts.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

async function runPulumi(path: string, args: readonly string[], { env, signal }: Call): Promise<void> {
  const child = spawn(path, args, { cwd: repositoryRoot, env, signal, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw refused(args, 'its reason stands above');
}

const refused = (args: readonly string[], said: string): SightlineError =>
  new SightlineError('SL1110', {
    what: `pulumi ${args.join(' ')} failed: ${said.trim().split('\n').slice(-3).join(' ')}`,
    where: 'pulumi',
    fix: 'log in first (`pulumi login`, or `pulumi login --local` for one person); a stack with a passphrase takes it from PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
  });

function keysIn(json: string): StackKeys {
  const entries = Object.entries(listed.parse(JSON.parse(json))).flatMap(([name, entry]) =>
    name.startsWith('sightline:') ? [{ name: name.slice('sightline:'.length), ...entry }] : [],
  );
  return {
    plain: new Map(
      entries.flatMap(({ name, value, secret }) =>
        secret || value === undefined ? [] : [[name, value] as const],
      ),
    ),
    secret: new Set(entries.flatMap(({ name, secret }) => (secret ? [name] : []))),
  };
}
