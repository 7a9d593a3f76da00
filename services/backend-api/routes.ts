import express, { type RequestHandler, type Response, Router } from 'express';
import type { LabelValue } from '../../telemetry/contract/labels.ts';
import type { Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../telemetry/instrument/problem.ts';
import type { Task } from '../kit/bus/event-data.ts';
import type { Tokens } from '../kit/tokens.ts';
import { invalidInput, parseInput } from '../kit/validation.ts';
import { actorName, authenticate, identityOf, userOf } from './authentication.ts';
import { idempotencyKey, listQuery, taskCreation, taskId, taskPatch } from './task-input.ts';
import type { TaskStore } from './task-store.ts';

export interface TaskRoutesOptions {
  readonly store: TaskStore;
  readonly tokens: Tokens;
  readonly instrumentation: Instrumentation<'backend-api'>;
  /** What every route begins with. */
  readonly guard: readonly RequestHandler[];
}

const bodyLimit = '32kb';

/** `/tasks`: every user sees and changes their own. */
export function taskRoutes(options: TaskRoutesOptions): Router {
  const { store, tokens, instrumentation, guard } = options;
  const router = Router();
  const body = express.json({ limit: bodyLimit });
  const count = instrumentation.metrics.counter('task_operations_total');
  const log = instrumentation.logger('tasks');
  const authenticated = [...guard, authenticate(tokens, instrumentation.setUser)];

  /** Counts it; what the asker got wrong is no failure of the operation. */
  async function operation<T>(name: LabelValue<'operation'>, run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      count.inc({ operation: name, outcome: 'success' });
      return result;
    } catch (error) {
      if (!(error instanceof HttpProblem)) count.inc({ operation: name, outcome: 'failure' });
      throw error;
    }
  }

  function changed(message: string, task: Task): void {
    log.info(message, { task_id: task.id });
  }

  const actor = (response: Response) => actorName(identityOf(response));

  router.get('/tasks', ...authenticated, async (request, response) => {
    const query = parseInput(listQuery, request.query);
    response.json(await operation('list', () => store.list(userOf(response), query)));
  });

  router.post('/tasks', ...authenticated, body, async (request, response) => {
    const input = parseInput(taskCreation, request.body);
    const key = parseInput(idempotencyKey, request.get('idempotency-key'));
    const owner = ownerOf(response, input.owner);
    const { task, created } = await operation('create', () =>
      store.create({ ...input, owner }, actor(response), key),
    );
    if (created) changed('task created', task);
    response
      .status(created ? 201 : 200)
      .location(`/tasks/${task.id}`)
      .json(task);
  });

  router.get('/tasks/:id', ...authenticated, async (request, response) => {
    const id = idOf(request.params.id);
    response.json(await operation('read', async () => found(await store.get(userOf(response), id))));
  });

  router.patch('/tasks/:id', ...authenticated, body, async (request, response) => {
    const id = idOf(request.params.id);
    const patch = parseInput(taskPatch, request.body);
    const task = await operation('update', async () =>
      found(await store.update(userOf(response), id, patch, actor(response))),
    );
    changed('task updated', task);
    response.json(task);
  });

  router.post('/tasks/:id/complete', ...authenticated, async (request, response) => {
    const id = idOf(request.params.id);
    const task = await operation('complete', async () =>
      found(await store.complete(userOf(response), id, actor(response))),
    );
    changed('task completed', task);
    response.json(task);
  });

  router.delete('/tasks/:id', ...authenticated, async (request, response) => {
    const id = idOf(request.params.id);
    const task = await operation('delete', async () =>
      found(await store.remove(userOf(response), id, actor(response))),
    );
    changed('task deleted', task);
    response.status(204).end();
  });

  return router;
}

/** What cannot be an id names no task either. */
function idOf(text: unknown): string {
  const parsed = taskId.safeParse(text);
  if (!parsed.success) throw new HttpProblem(404, 'There is no such task');
  return parsed.data;
}

function found(task: Task | undefined): Task {
  if (task === undefined) throw new HttpProblem(404, 'There is no such task');
  return task;
}

function ownerOf(response: Response, given: string | undefined): string {
  const identity = identityOf(response);
  if (identity.kind === 'service') {
    if (given !== undefined) return given;
    throw invalidInput([{ field: 'owner', detail: 'a service must say for whom' }]);
  }
  if (given === undefined || given === identity.name) return identity.name;
  throw new HttpProblem(403, 'You may create tasks only for yourself');
}
