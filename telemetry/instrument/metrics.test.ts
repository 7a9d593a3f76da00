import { describe, expect, it } from 'vitest';
import { activeSpan } from './active-span.ts';
import { expose, plainText } from './exposition.ts';
import { createInstrumentation } from './instrumentation.ts';
import type { Counter } from './metric-types.ts';
import { createMetricStore, createServiceMetrics } from './metrics.ts';
import { samplerFrom } from './sampling.ts';
import { Tracing } from './tracing.ts';

function audit() {
  const overflows: string[] = [];
  const store = createMetricStore('audit', (metric, label) => overflows.push(`${metric} ${label}`));
  const metrics = createServiceMetrics('audit', store);
  const text = async (accept?: string) => (await expose(store.registry, accept)).body;
  return { store, metrics, overflows, text };
}
const openMetrics = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

describe('samples', () => {
  it('arrive in both formats under the same names', async () => {
    const { metrics, text } = audit();
    metrics.counter('audit_entries_written_total').inc({ outcome: 'success' }, 2);
    metrics.counter('audit_entries_written_total').inc({ outcome: 'success' });
    metrics.gauge('event_consumer_lag').set({ topic: 'reminders' }, 5);
    metrics.gauge('event_consumer_lag').dec({ topic: 'reminders' }, 2);
    metrics.histogram('audit_write_duration_seconds').observe(0.02);
    metrics.histogram('audit_write_duration_seconds').observe(99);
    for (const body of [await text(openMetrics), await text(), await text(openMetrics), await text()]) {
      expect(body).toContain('audit_entries_written_total{outcome="success"} 3\n');
      expect(body).toContain('event_consumer_lag{topic="reminders"} 3\n');
      expect(body).toContain('audit_write_duration_seconds_bucket{le="0.01"} 0\n');
      expect(body).toContain('audit_write_duration_seconds_bucket{le="0.025"} 1\n');
      expect(body).toContain('audit_write_duration_seconds_bucket{le="10"} 1\n');
      expect(body).toContain('audit_write_duration_seconds_bucket{le="+Inf"} 2\n');
      expect(body).toContain('audit_write_duration_seconds_count 2\n');
    }
    expect(await text(openMetrics)).toMatch(/# TYPE audit_entries_written counter\n[\s\S]*\n# EOF\n$/);
    expect(await text()).toContain('# TYPE audit_entries_written_total counter\n');
    expect(await text()).not.toContain('# EOF');
  });

  it('of closed counters start at 0', async () => {
    const { text } = audit();
    expect(await text()).toContain('audit_entries_written_total{outcome="failure"} 0\n');
  });

  it('carry the trace of the request they belong to, where it is sampled', async () => {
    const { metrics, text } = audit();
    const histogram = metrics.histogram('audit_write_duration_seconds');
    const observeIn = (sampler: string) => {
      const tracing = new Tracing(samplerFrom({ OTEL_TRACES_SAMPLER: sampler }), undefined);
      return tracing.run({}, 'x', 'server', () => {
        histogram.observe(0.3);
        return activeSpan.getStore();
      });
    };
    observeIn('always_off');
    expect(await text(openMetrics)).not.toContain(' # {');
    const span = observeIn('always_on');
    expect(await text(openMetrics)).toMatch(
      new RegExp(
        `_bucket\\{le="0.5"\\} 2 # \\{trace_id="${span?.traceId}",span_id="${span?.spanId}"\\} 0.3 \\d+\\.\\d+\n`,
      ),
    );
    expect(await text()).not.toContain('trace_id');
  });
});

describe('what the contract does not allow is refused', () => {
  /** Past the compiler, as JavaScript or a cast would. */
  type Loose = { inc: (...args: unknown[]) => void };
  const loose = (counter: Counter<'audit_entries_written_total'>) => counter as unknown as Loose;

  it.each([
    ['a value outside its set', [{ outcome: 'meh' }], /^SL1443 outcome="meh".*success, failure/],
    ['a missing label', [{}], /^SL1444/],
    ['an unknown label', [{ outcome: 'success', user: 'x' }], /^SL1444/],
    ['a label that is not a string', [{ outcome: 3 }], /^SL1444/],
    ['a negative increment', [{ outcome: 'success' }, -1], /^SL1446/],
    ['what is not a number', [{ outcome: 'success' }, Number.NaN], /^SL1446/],
  ])('%s', (_, args, message) => {
    const counter = loose(audit().metrics.counter('audit_entries_written_total'));
    expect(() => counter.inc(...args)).toThrow(message);
  });

  it('a metric of another service, of the kit, or of nobody', () => {
    const metrics = audit().metrics as unknown as { counter: (name: string) => unknown };
    expect(() => metrics.counter('task_operations_total')).toThrow(/^SL1445 audit asked for.*backend-api/);
    expect(() => metrics.counter('log_lines_total')).toThrow(/^SL1445/);
    expect(() => metrics.counter('made_up_total')).toThrow(/^SL1445.*declare the metric/);
  });

  it('more values of an open label than declared: they are counted as other, and that is told once', async () => {
    const { store, overflows, text } = audit();
    const durations = store.series('http_server_request_duration_seconds');
    for (let status = 200; status < 230; status += 1) {
      const labels = {
        http_request_method: 'GET',
        http_route: '/tasks',
        http_response_status_code: `${status}`,
      };
      durations.histogram(labels).observe(0.1);
    }
    const body = await text();
    expect(body.match(/_count\{/g)).toHaveLength(21);
    expect(body).toContain('http_response_status_code="other"} 10\n');
    expect(overflows).toEqual(['http_server_request_duration_seconds http_response_status_code']);
  });
});

it('every metric that the contract gives a service is registered, and nothing else', async () => {
  const { metrics: contract } = await import('../contract/metrics.ts');
  const { default: express } = await import('express');
  const instrumentation = createInstrumentation({
    service: 'sync',
    env: {},
    destination: { write: () => {} },
  });
  const server = express().use(instrumentation.operational()).listen(0);
  try {
    const { port } = server.address() as { port: number };
    const body = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const registered = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const declared = Object.entries(contract).flatMap(([name, { services }]) =>
      (services as readonly string[]).includes('sync') ? [name] : [],
    );
    expect(registered.toSorted()).toEqual(declared.toSorted());
    expect(body).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
    expect(body).toMatch(/^service_build_info\{version="0.0.0"\} 1$/m);
  } finally {
    server.close();
  }
});

it('plain text keeps a value that looks like an exemplar’s start apart', () => {
  expect(plainText('# TYPE a gauge\na{v="x # y"} 1\n# EOF\n')).toBe('# TYPE a gauge\na{v="x # y"} 1\n');
});
