import { expect } from 'vitest';
import { serviceNames } from '../../telemetry/contract/services.ts';
import type { LogEntry, StackClient } from './stack-client.ts';
import { TasksUser } from './tasks-user.ts';
import { waitFor } from './wait.ts';

/** One request that touches all five services: the event of a recurring task's end makes recurring-task call backend-api again. */
export async function completeRecurringTask(
  stack: StackClient,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const user = await TasksUser.login(stack);
  const created = await user.send('POST', '/tasks', {
    title: 'water the plants',
    recurrence: 'daily',
    due_at: new Date(Date.now() + 3_600_000).toISOString(),
    remind_at: new Date(Date.now() + 1_800_000).toISOString(),
  });
  const { id } = (await created.json()) as { id: string };
  return user.send('POST', `/tasks/${id}/complete`, {}, headers);
}

/** Its lines, as soon as Loki has some of each service. */
export function linesOfAllServices(
  stack: StackClient,
  requestId: string,
  withinMs?: number,
): Promise<readonly LogEntry[]> {
  return waitFor(
    `lines of ${serviceNames.join(', ')} with request id ${requestId}`,
    async () => {
      const found = await stack.loki(`{namespace="tasks"} | request_id="${requestId}"`);
      const services = new Set(found.map(({ labels }) => labels.service));
      return services.size === serviceNames.length ? found : undefined;
    },
    withinMs,
  );
}

/** All the labels of a service's line where the environment and the cluster have one name. */
export const labelsOfLine = (service: string | undefined, target: string, pod: string): object => ({
  cluster: target,
  environment: target,
  namespace: 'tasks',
  service,
  container: service,
  pod,
  level: expect.stringMatching(/^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$/),
  log_format: 'json',
});
