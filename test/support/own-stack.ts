import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortOffset } from '../../infra/local/pick-ports.ts';
import { runCli } from './cli.ts';
import { StackClient } from './stack-client.ts';

/** A stack of one test file's own: for faults that page, whose end others would have to wait for. */
export interface OwnStack {
  readonly client: StackClient;
  readonly stateDir: string;
  readonly stop: () => Promise<void>;
}

const local = new URL('../../infra/environments/local.yaml', import.meta.url);

/**
 * Starts it, with every duration a tenth.
 * @param trafficRate requests a second; 0 for none
 */
export async function startOwnStack(trafficRate: number): Promise<OwnStack> {
  const base = await mkdtemp(join(tmpdir(), 'sightline-own-'));
  const environmentFile = join(base, 'environment.yaml');
  const text = await readFile(local, 'utf8');
  await writeFile(environmentFile, text.replace(/^( {2}rate:) .*$/m, `$1 ${trafficRate}`));
  const portOffset = await freePortOffset();
  const stateDir = join(base, 'state');
  const env = {
    SIGHTLINE_PORT_OFFSET: String(portOffset),
    SIGHTLINE_STATE_DIR: stateDir,
    SIGHTLINE_ENVIRONMENT_FILE: environmentFile,
  };
  const stop = async (): Promise<void> => {
    await runCli(['down', '--wipe'], { env });
    await rm(base, { recursive: true, force: true });
  };
  const started = await runCli(['start', '--detach', '--time-scale', '10'], { env });
  if (started.code !== 0) {
    await stop();
    throw new Error(`the stack did not start:\n${started.stdout}\n${started.stderr}`);
  }
  return { client: new StackClient({ portOffset, env }), stateDir, stop };
}
