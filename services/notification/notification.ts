import { Router } from 'express';
import { openDatabase, probeDatabase } from '../kit/database.ts';
import { pageQuery } from '../kit/page-query.ts';
import type { ServiceContext, ServiceParts } from '../kit/service.ts';
import { parseInput } from '../kit/validation.ts';
import { ReminderSender } from './reminder-sender.ts';
import { ReminderStore } from './reminder-store.ts';
import { migrations, type Tables } from './schema.ts';

/** Schedules reminders as tasks ask for them, and sends them when they are due. */
export async function buildNotification(context: ServiceContext<'notification'>): Promise<ServiceParts> {
  const { instrumentation, bus, faults, guard } = context;
  const { metrics } = instrumentation;
  const scheduled = metrics.counter('reminders_scheduled_total');
  const log = instrumentation.logger('reminders');
  const database = openDatabase<Tables>({
    path: context.dataFile('reminders.sqlite'),
    migrations,
    faults,
    measure: metrics.histogram('db_client_operation_duration_seconds').observe,
  });
  instrumentation.health.register('database', () => probeDatabase(database));
  const store = new ReminderStore(database);
  const sender = new ReminderSender({ store, bus, instrumentation });

  bus.subscribe('task-events', async (event) => {
    const { task } = event.data;
    if (event.type === 'sightline.task.deleted') {
      if (await store.cancel(task)) log.info('reminder cancelled', { task_id: task.id });
      return;
    }
    const outcome = await store.follow(task, {
      requestId: event.requestid,
      traceparent: event.traceparent,
    });
    if (outcome === 'unchanged') return;
    if (outcome === 'scheduled') scheduled.inc();
    log.info(`reminder ${outcome}`, { task_id: task.id, remind_at: task.remind_at });
  });

  const routes = Router();
  routes.get('/reminders', ...guard, async (request, response) => {
    const { limit } = parseInput(pageQuery, request.query);
    const reminders = await store.newest(limit);
    response.json({ reminders: reminders.map(({ traceparent: _traceparent, ...shown }) => shown) });
  });
  return {
    routes,
    start: () => sender.start(),
    quiesce: () => sender.stop(),
    close: () => database.destroy(),
  };
}
