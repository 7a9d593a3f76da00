import type { StackStatus } from '../../infra/local/supervisor/status.ts';
import type { SharedStack } from '../e2e/setup.ts';
import type { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** The process that has the events, by its name in the plan. */
export const brokerOf = ({ with: extras }: SharedStack): 'kafka' | 'redis' =>
  extras.includes('kafka') ? 'kafka' : 'redis';

async function processNamed(
  stack: StackClient,
  name: string,
): Promise<StackStatus['processes'][number]> {
  const { stdout } = await stack.cli(['status', '--json']);
  const found = (JSON.parse(stdout) as StackStatus).processes.find((process) => process.name === name);
  if (found === undefined) throw new Error(`no process ${name}`);
  return found;
}

/** Ends the process by SIGKILL; resolves when another has taken its place and does its work. */
export async function killAndAwait(stack: StackClient, name: string): Promise<void> {
  const { pid } = await processNamed(stack, name);
  if (pid === null) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGKILL');
  await waitFor(
    `${name} to do its work again`,
    async () => {
      const now = await processNamed(stack, name);
      return now.health === 'healthy' && now.pid !== pid ? true : undefined;
    },
    180_000,
  );
}
