import { Router } from 'express';
import type { Topic } from '../../telemetry/contract/labels.ts';
import type { EventOf, EventTypeOn } from '../kit/bus/cloud-event.ts';
import { openDatabase, probeDatabase } from '../kit/database.ts';
import { pageQuery } from '../kit/page-query.ts';
import type { ServiceContext, ServiceParts } from '../kit/service.ts';
import { parseInput } from '../kit/validation.ts';
import { migrations, type Tables } from './schema.ts';
import { AuditTrail, firstBroken } from './trail.ts';

type AuditedEvent = EventOf<EventTypeOn<'task-events' | 'reminders'>>;

/** Writes every task and reminder event into the audit trail. */
export async function buildAudit(context: ServiceContext<'audit'>): Promise<ServiceParts> {
  const { env, instrumentation, bus, faults, guard } = context;
  const { metrics } = instrumentation;
  const written = metrics.counter('audit_entries_written_total');
  const duration = metrics.histogram('audit_write_duration_seconds');
  const entryWritten = instrumentation.line('audit_entry_written');
  const database = openDatabase<Tables>({
    path: context.dataFile('audit.sqlite'),
    migrations,
    faults,
    measure: metrics.histogram('db_client_operation_duration_seconds').observe,
  });
  instrumentation.health.register('database', () => probeDatabase(database));
  const trail = new AuditTrail(database, env.AUDIT_MAX_ENTRIES);

  async function write(event: AuditedEvent): Promise<void> {
    const start = performance.now();
    try {
      const isNew = await trail.append({
        event_id: event.id,
        type: event.type,
        subject: event.subject,
        actor: 'actor' in event.data ? event.data.actor : event.source,
        request_id: event.requestid ?? null,
        occurred_at: event.time,
        data: JSON.stringify(event.data),
      });
      if (!isNew) return;
      written.inc({ outcome: 'success' });
      entryWritten({ event_id: event.id, event_type: event.type });
    } catch (error) {
      written.inc({ outcome: 'failure' });
      throw error;
    } finally {
      duration.observe((performance.now() - start) / 1000);
    }
  }
  for (const topic of ['task-events', 'reminders'] as const satisfies readonly Topic[]) {
    bus.subscribe(topic, write);
  }

  const routes = Router();
  routes.get('/entries', ...guard, async (request, response) => {
    const { limit } = parseInput(pageQuery, request.query);
    const entries = await trail.newest(limit);
    const broken = firstBroken(entries.toReversed());
    response.json({ entries, intact: broken === undefined });
  });
  return { routes, close: () => database.destroy() };
}
