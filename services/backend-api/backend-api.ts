import { Router } from 'express';
import { newEnvelope, newEvent } from '../kit/bus/cloud-event.ts';
import { openDatabase, probeDatabase } from '../kit/database.ts';
import type { ServiceContext, ServiceParts } from '../kit/service.ts';
import { loadSecret, Tokens } from '../kit/tokens.ts';
import { loginRoute } from './login-route.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { taskRoutes } from './routes.ts';
import { migrations, type Tables } from './schema.ts';
import { TaskStore } from './task-store.ts';
import { UpdateLog } from './update-log.ts';
import { attachUpdates, updatesRoute } from './updates-endpoint.ts';
import { UpdatesHub } from './updates-hub.ts';
import { seedDemoUsers } from './users.ts';

const service = 'backend-api';

/** REST tasks, login and WebSocket updates. */
export async function buildBackendApi(context: ServiceContext<typeof service>): Promise<ServiceParts> {
  const { env, instrumentation, bus, faults, guard } = context;
  const { metrics, trace } = instrumentation;
  const statements = metrics.histogram('db_client_operation_duration_seconds');
  const database = openDatabase<Tables>({
    path: context.dataFile('tasks.sqlite'),
    migrations,
    faults,
    measure: statements.observe,
  });
  instrumentation.health.register('database', () => probeDatabase(database));
  await seedDemoUsers(database, env.DEMO_USERS);

  const tokens = new Tokens(loadSecret(env.AUTH_SECRET, env.AUTH_SECRET_FILE));
  const relay = new OutboxRelay({ database, bus, trace, waits: instrumentation.line('outbox_waiting') });
  const store = new TaskStore({
    database,
    onOutbox: () => relay.wake(),
    makeEvent: (type, data) => {
      const { traceparent, 'x-request-id': requestId } = trace.inject();
      return newEvent(type, data, { service, subject: data.task.id, requestId, traceparent });
    },
  });
  const hub = new UpdatesHub({ log: new UpdateLog(database), faults, instrumentation });
  bus.subscribe('task-updates', (event) => hub.push(event.id, event.data));

  const poison = setInterval(() => {
    if (!faults.strikes('poison-event')) return;
    const event = newEnvelope('sightline.task.updated', { poison: true }, { service, subject: 'poison' });
    bus.publish(event).catch(() => {});
  }, 1000);
  poison.unref();

  const routes = Router();
  routes.use(loginRoute({ database, tokens, faults, instrumentation, guard }));
  routes.use(taskRoutes({ store, tokens, instrumentation, guard }));
  routes.use(updatesRoute(guard));

  return {
    routes,
    attach: (server) => attachUpdates(server, { hub, tokens, trace }),
    start() {
      hub.start();
      relay.wake();
    },
    async quiesce() {
      clearInterval(poison);
      await hub.stop();
      await relay.stop();
    },
    close: () => database.destroy(),
  };
}
