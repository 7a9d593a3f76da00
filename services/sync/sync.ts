import { Router } from 'express';
import { newEvent } from '../kit/bus/cloud-event.ts';
import type { ServiceContext, ServiceParts } from '../kit/service.ts';
import { changeOf } from './change.ts';

const service = 'sync';

/** Turns every task event into the change that the owner's clients must apply, and hands it on. */
export async function buildSync(context: ServiceContext<typeof service>): Promise<ServiceParts> {
  const { instrumentation, bus, guard } = context;
  const { metrics, trace } = instrumentation;
  const pushed = metrics.counter('sync_changes_pushed_total');
  const latency = metrics.histogram('sync_event_latency_seconds');
  const since = new Date().toISOString();
  const counts = { pushed: 0, failed: 0 };
  let lastPushedAt: string | null = null;

  bus.subscribe('task-events', async (event) => {
    const change = changeOf(event.type, event.data);
    const { traceparent, 'x-request-id': requestId } = trace.inject();
    // The id follows from the cause, so that a repetition is pushed to nobody twice.
    const id = `${event.id}:change`;
    try {
      await bus.publish(
        newEvent('sightline.task.changed', change, {
          service,
          subject: event.subject,
          id,
          requestId,
          traceparent,
        }),
      );
      counts.pushed += 1;
      pushed.inc({ outcome: 'success' });
    } catch (error) {
      counts.failed += 1;
      pushed.inc({ outcome: 'failure' });
      throw error;
    }
    lastPushedAt = new Date().toISOString();
    latency.observe(Math.max(0, Date.now() - Date.parse(change.changed_at)) / 1000);
  });

  const routes = Router();
  routes.get('/status', ...guard, (_request, response) => {
    response.json({ since, ...counts, last_pushed_at: lastPushedAt });
  });
  return { routes };
}
