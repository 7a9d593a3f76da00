import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Extra } from '../../infra/local/extras.ts';
import { freePortOffset } from '../../infra/local/pick-ports.ts';
import { runCli } from './cli.ts';
import { StackClient } from './stack-client.ts';

/** Ten times as fast: an alert that takes ten minutes takes one, by the same rules and routes. */
const timeScale = 10;

interface RunningStack {
  readonly portOffset: number;
  readonly stateDir: string;
  /** Environment of every command about it. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it, and removes all it wrote. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a stack on ports and in a folder of its own, with every duration shortened.
 * @param environment text of its environment file
 * @param settings more variables of its environment
 * @param extras what it runs beside the usual
 */
export async function startStack(
  environment: string,
  settings: Readonly<Record<string, string>> = {},
  extras: readonly Extra[] = [],
): Promise<RunningStack> {
  const base = await mkdtemp(join(tmpdir(), 'sightline-e2e-'));
  const environmentFile = join(base, 'environment.yaml');
  await writeFile(environmentFile, environment);
  const portOffset = await freePortOffset();
  const stateDir = join(base, 'state');
  const env = {
    SIGHTLINE_PORT_OFFSET: String(portOffset),
    SIGHTLINE_STATE_DIR: stateDir,
    SIGHTLINE_ENVIRONMENT_FILE: environmentFile,
    ...settings,
  };
  const stop = async (): Promise<void> => {
    await runCli(['down', '--wipe'], { env });
    await rm(base, { recursive: true, force: true });
  };
  const added = extras.flatMap((extra) => ['--with', extra]);
  const started = await runCli(['start', '--detach', '--time-scale', String(timeScale), ...added], { env });
  if (started.code !== 0) {
    await stop();
    throw new Error(`the stack did not start:\n${started.stdout}\n${started.stderr}`);
  }
  return { portOffset, stateDir, env, stop };
}

/** A stack of one test file's own: for faults that page, whose end others would have to wait for. */
export interface OwnStack extends Pick<RunningStack, 'stateDir' | 'stop'> {
  readonly client: StackClient;
}

const local = new URL('../../infra/environments/local.yaml', import.meta.url);

/** @param trafficRate requests a second; 0 for none */
export async function startOwnStack(trafficRate: number): Promise<OwnStack> {
  const text = await readFile(local, 'utf8');
  const stack = await startStack(text.replace(/^( {2}rate:) .*$/m, `$1 ${trafficRate}`));
  return { ...stack, client: new StackClient(stack) };
}
