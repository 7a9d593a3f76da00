import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { completeRecurringTask, labelsOfLine, linesOfAllServices } from '../support/followed-request.ts';
import type { ReceivedSpan } from '../support/otlp-receiver.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** How soon a log line must be found. Over a bus that another test has just killed, the events behind it take longer. */
const findableWithinMs = inject('stack').with.length === 0 ? 5000 : 120_000;

describe('logs', () => {
  it('are grouped into patterns by Loki', async () => {
    const stack = new StackClient(inject('stack'));
    const query = encodeURIComponent('{service="backend-api"}');
    await waitFor('a pattern', async () => {
      const { data } = await stack.json<{ data: { pattern: string }[] }>(
        stack.url('loki', `/loki/api/v1/patterns?query=${query}&since=1h`),
        { 'X-Scope-OrgID': 'platform' },
      );
      return data.length > 0 ? data : undefined;
    });
  });
});

describe('one request, followed through every service', () => {
  const shared = inject('stack');
  const stack = new StackClient(shared);
  const requestId = `e2e-${randomBytes(6).toString('hex')}`;
  const traceId = randomBytes(16).toString('hex');
  const callerSpan = randomBytes(8).toString('hex');
  const headers = { 'x-request-id': requestId, traceparent: `00-${traceId}-${callerSpan}-01` };
  let answer: Response;

  beforeAll(async () => {
    answer = await completeRecurringTask(stack, headers);
  }, 60_000);

  it('is answered with its own request id', () => {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toBe(requestId);
  });

  it(`leaves log lines of all five services in Loki within ${findableWithinMs} ms`, async () => {
    const entries = await linesOfAllServices(stack, requestId, findableWithinMs);
    for (const { labels, metadata, line } of entries) {
      expect(labels).toEqual(labelsOfLine(labels.service, 'local', `${labels.service}-0`));
      expect(metadata).toMatchObject({
        request_id: requestId,
        trace_id: traceId,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
        logger: expect.any(String),
      });
      expect(Object.keys(JSON.parse(line)).slice(0, 4)).toEqual(['timestamp', 'level', 'logger', 'message']);
    }
  });

  it('leaves spans at the OTLP receiver, each below the one that caused it', async () => {
    const spans = await waitFor('spans of all five services', async () => {
      const found = await stack.json<ReceivedSpan[]>(`${shared.otlpUrl}/spans?trace_id=${traceId}`);
      const known = new Set([...found.map(({ spanId }) => spanId), callerSpan]);
      const complete = found.every(
        ({ parentSpanId }) => parentSpanId !== undefined && known.has(parentSpanId),
      );
      return complete && new Set(found.map(({ service }) => service)).size === serviceNames.length
        ? found
        : undefined;
    });
    const root = spans.filter(({ parentSpanId }) => parentSpanId === callerSpan);
    expect(root.map(({ service, kind }) => ({ service, kind }))).toEqual([
      { service: 'backend-api', kind: 2 },
    ]);
    const parentOf = (span: ReceivedSpan): ReceivedSpan | undefined =>
      spans.find(({ spanId }) => spanId === span.parentSpanId);
    for (const subscriber of ['recurring-task', 'notification', 'sync', 'audit']) {
      const consumed = spans.find(({ service, kind }) => service === subscriber && kind === 5);
      expect(consumed, `${subscriber} consumes in this trace`).toBeDefined();
      expect(consumed && parentOf(consumed)?.service).toBe('backend-api');
    }
    // recurring-task called backend-api over HTTP: its client span is the parent of a server span there.
    const secondServerSpan = spans.find(
      (span) =>
        span.service === 'backend-api' && span.kind === 2 && parentOf(span)?.service === 'recurring-task',
    );
    expect(secondServerSpan).toBeDefined();
  });
});
