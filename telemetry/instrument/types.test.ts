import { describe, expectTypeOf, it } from 'vitest';
import type { Instrumentation } from './instrumentation.ts';
import type { LogFields } from './logger.ts';
import type { MetricLabels, ServiceMetricName } from './metric-types.ts';

describe('what the compiler refuses', () => {
  it('a metric that the service does not emit, of another type, or of the kit', () => {
    type Counters = ServiceMetricName<'sync', 'counter'>;
    expectTypeOf<'sync_changes_pushed_total'>().toExtend<Counters>();
    expectTypeOf<'task_operations_total'>().not.toExtend<Counters>();
    expectTypeOf<'sync_event_latency_seconds'>().not.toExtend<Counters>();
    expectTypeOf<'log_lines_total'>().not.toExtend<Counters>();
    expectTypeOf<'no_such_metric'>().not.toExtend<Counters>();
  });

  it('in shared code, a metric that only some of the services emit', () => {
    type Shared = ServiceMetricName<'sync' | 'audit', 'counter'>;
    expectTypeOf<'events_processed_total'>().toExtend<Shared>();
    expectTypeOf<'events_published_total'>().not.toExtend<Shared>();
  });

  it('a label that is not the metric’s, one that is missing, a value outside its set', () => {
    type Labels = MetricLabels<'task_operations_total'>;
    expectTypeOf<{ operation: 'create'; outcome: 'success' }>().toExtend<Labels>();
    expectTypeOf<{ operation: 'create' }>().not.toExtend<Labels>();
    expectTypeOf<{ operation: 'create'; result: 'success' }>().not.toExtend<Labels>();
    expectTypeOf<{ operation: 'burn'; outcome: 'success' }>().not.toExtend<Labels>();
  });

  it('the wrong arguments of a sample', () => {
    type Metrics = Instrumentation<'notification'>['metrics'];
    const counter = (metrics: Metrics) => metrics.counter('reminders_scheduled_total');
    const histogram = (metrics: Metrics) => metrics.histogram('event_latency_seconds');
    type Increment = Parameters<ReturnType<typeof counter>['inc']>;
    type Observe = Parameters<ReturnType<typeof histogram>['observe']>;
    expectTypeOf<[]>().toExtend<Increment>();
    expectTypeOf<[number]>().toExtend<Increment>();
    expectTypeOf<[{ outcome: 'success' }]>().not.toExtend<Increment>();
    expectTypeOf<[{ topic: 'reminders' }, number]>().toExtend<Observe>();
    expectTypeOf<[number]>().not.toExtend<Observe>();
    expectTypeOf<[{ topic: 'gossip' }, number]>().not.toExtend<Observe>();
  });

  it('a declared log field of another type', () => {
    expectTypeOf<{ attempt: number; anything: boolean }>().toExtend<LogFields>();
    expectTypeOf<{ attempt: string }>().not.toExtend<LogFields>();
  });
});
