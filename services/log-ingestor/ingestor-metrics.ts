import type { ServiceMetrics } from '../../telemetry/instrument/metric-types.ts';
import type { StreamOverflow } from '../pipeline/loki/stream-labels.ts';
import type { LogConsumer } from '../pipeline/queue/log-queue.ts';
import type { Pushed } from './organization-lane.ts';

/** Where the ingestor records what happens to it. */
export function ingestorMetrics(metrics: ServiceMetrics<'log-ingestor'>) {
  const processed = metrics.counter('log_events_processed_total');
  const errors = metrics.counter('log_events_errors_total');
  const age = metrics.histogram('log_queue_age_seconds');
  const size = metrics.histogram('log_push_entries');
  const duration = metrics.histogram('log_push_duration_seconds');
  return {
    pushed({ batches, entries, rejected, seconds }: Pushed): void {
      processed.inc(entries - rejected);
      if (rejected > 0) errors.inc({ refusal: 'rejected' }, rejected);
      size.observe(entries);
      duration.observe(seconds);
      const now = Date.now();
      for (const { appendedAt } of batches) age.observe(Math.max(0, now - appendedAt) / 1000);
    },
    waiting(
      { entries, bytes, oldestAt }: Awaited<ReturnType<LogConsumer['state']>>,
      pausedOrganizations: number,
      deadLetters: number,
    ): void {
      metrics.gauge('log_queue_entries').set(entries);
      metrics.gauge('log_queue_bytes').set(bytes);
      const seconds = oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt) / 1000;
      metrics.gauge('log_queue_oldest_age_seconds').set(seconds);
      metrics.gauge('log_push_paused_organizations').set(pausedOrganizations);
      metrics.gauge('log_dead_letters').set(deadLetters);
    },
    /** Entries that came by Kafka without the gateway, and how many of them went to the dead letters. */
    direct(entries: number, refused: number): void {
      metrics.counter('log_events_received_total').inc({ intake: 'kafka' }, entries);
      if (refused > 0) errors.inc({ refusal: 'invalid' }, refused);
    },
    partitions: (count: number) => metrics.gauge('log_queue_partitions').set(count),
    retry: () => metrics.counter('log_push_retries_total').inc(),
    damaged: () => metrics.counter('log_queue_damaged_batches_total').inc(),
    lostProgress: () => metrics.counter('log_queue_progress_damages_total').inc(),
    overflow: ({ service, tag }: StreamOverflow) =>
      metrics.counter('log_stream_overflows_total').inc({ emitter: service, tag }),
    serviceOverflow: (organization: string) =>
      metrics.counter('log_service_overflows_total').inc({ organization }),
  };
}
