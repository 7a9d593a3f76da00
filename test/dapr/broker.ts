import type { TestProject } from 'vitest/node';
import type { Extra } from '../../infra/local/extras.ts';
import type { StackStatus } from '../../infra/local/supervisor/status.ts';
import { events } from '../../telemetry/contract/events.ts';
import { type SharedStack, shareStack } from '../e2e/setup.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** The process that has the events, by its name in the plan. */
export const brokerOf = ({ with: extras }: SharedStack): 'kafka' | 'redis' =>
  extras.includes('kafka') ? 'kafka' : 'redis';

async function processNamed(stack: StackClient, name: string): Promise<StackStatus['processes'][number]> {
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

/**
 * Gives the tests of a project one stack with these extras, once events arrive: readers that have just joined wait for
 * the broker to share out its partitions, on a busy machine longer than a test waits for a line.
 */
export async function shareDelivering(
  project: TestProject,
  extras: readonly Extra[],
): Promise<() => Promise<void>> {
  const stop = await shareStack(project, extras);
  try {
    const stack = new StackClient(project.getProvidedContext().stack);
    const { topic, subscribers } = events['sightline.task.created'];
    await waitFor(
      `events of ${topic} at ${subscribers.join(', ')}`,
      async () => {
        const series = `dapr_component_pubsub_ingress_count{topic="${topic}", process_status="success"} > 0`;
        return (
          (await stack.prometheus(`count by (service) (${series})`)).length === subscribers.length ||
          undefined
        );
      },
      180_000,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
