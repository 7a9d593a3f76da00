import { Router } from 'express';
import { z } from 'zod';
import { openDatabase, probeDatabase } from '../kit/database.ts';
import { pageQuery } from '../kit/page-query.ts';
import type { ServiceContext, ServiceParts } from '../kit/service.ts';
import { loadSecret, Tokens } from '../kit/tokens.ts';
import { parseInput } from '../kit/validation.ts';
import { type NextOccurrence, nextOccurrence } from './next-occurrence.ts';
import { migrations, type Tables } from './schema.ts';

const service = 'recurring-task';

const createdTask = z.object({ id: z.uuid() });

/** Milliseconds that what was made is remembered; backend-api's idempotency key outlives it. */
const rememberedMs = 30 * 24 * 60 * 60 * 1000;

/** Creates the next occurrence when a recurring task is completed. */
export async function buildRecurringTask(context: ServiceContext<typeof service>): Promise<ServiceParts> {
  const { env, instrumentation, bus, faults, guard } = context;
  const { metrics } = instrumentation;
  const created = metrics.counter('recurring_tasks_created_total');
  const duration = metrics.histogram('recurring_task_creation_duration_seconds');
  const log = instrumentation.logger('recurring');
  const tokens = new Tokens(loadSecret(env.AUTH_SECRET, env.AUTH_SECRET_FILE));
  const database = openDatabase<Tables>({
    path: context.dataFile('occurrences.sqlite'),
    migrations,
    faults,
    measure: metrics.histogram('db_client_operation_duration_seconds').observe,
  });
  instrumentation.health.register('database', () => probeDatabase(database));

  /** The event's id as idempotency key: a repetition finds the task that the first try made. */
  async function createTask(next: NextOccurrence, eventId: string): Promise<string> {
    const response = await instrumentation.fetch(`${env.BACKEND_API_URL}/tasks`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokens.forService(service)}`,
        'content-type': 'application/json',
        'idempotency-key': eventId,
      },
      body: JSON.stringify(next),
    });
    if (!response.ok) {
      const answer = (await response.text()).slice(0, 500);
      throw new Error(`backend-api answered ${response.status} to creating the next occurrence: ${answer}`);
    }
    return createdTask.parse(await response.json()).id;
  }

  bus.subscribe('task-events', async (event) => {
    if (event.type !== 'sightline.task.completed') return;
    const { task } = event.data;
    const next = nextOccurrence(task, new Date());
    if (next === undefined) return;
    const done = await database
      .selectFrom('occurrences')
      .select('event_id')
      .where('event_id', '=', event.id)
      .executeTakeFirst();
    if (done !== undefined) return;
    const start = performance.now();
    try {
      const nextId = await createTask(next, event.id);
      await database
        .insertInto('occurrences')
        .values({
          event_id: event.id,
          task_id: task.id,
          owner: task.owner,
          next_task_id: nextId,
          due_at: next.due_at,
          created_at: new Date().toISOString(),
        })
        .onConflict((conflict) => conflict.column('event_id').doNothing())
        .execute();
      const forgotten = new Date(Date.now() - rememberedMs).toISOString();
      await database.deleteFrom('occurrences').where('created_at', '<', forgotten).execute();
      created.inc({ outcome: 'success' });
      log.info('next occurrence created', { task_id: task.id, next_task_id: nextId, due_at: next.due_at });
    } catch (error) {
      created.inc({ outcome: 'failure' });
      throw error;
    } finally {
      duration.observe((performance.now() - start) / 1000);
    }
  });

  const routes = Router();
  routes.get('/occurrences', ...guard, async (request, response) => {
    const { limit } = parseInput(pageQuery, request.query);
    const occurrences = await database
      .selectFrom('occurrences')
      .selectAll()
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute();
    response.json({ occurrences });
  });
  return { routes, close: () => database.destroy() };
}
