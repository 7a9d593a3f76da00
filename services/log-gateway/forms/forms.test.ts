import snappy from 'snappy';
import { describe, expect, it } from 'vitest';
import { encodePush } from '../../pipeline/loki/push-proto.ts';
import { testIntake } from '../testing/test-intake.ts';
import { encodeOtlp } from './otlp/proto.ts';

const { gateway, fresh, post, queuedOnes } = testIntake();

describe('the other ways in', () => {
  it('POST /api/logs', async () => {
    const message = fresh();
    const answer = await post('/api/logs', {
      organizationId: 'acme',
      level: 'ERROR',
      message,
      source: 'till',
    });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      status: 'success',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      message: 'Log event queued for processing',
      durability: 'fsynced',
    });
    expect((await queuedOnes(message))[0]).toMatchObject({ service: 'till', source: 'till', level: 'ERROR' });
  });

  it('POST /logs/ingest', async () => {
    const message = fresh();
    const body = { level: 'INFO', message, source: 'web', service: 'shop', metadata: { order: 7 } };
    expect((await post('/logs/ingest', body)).json).toMatchObject({ status: 'success' });
    expect((await queuedOnes(message))[0]).toMatchObject({ source: 'web', fields: { order: 7 } });
  });

  it('POST /logs/batch-ingest, where the batch id makes tries one', async () => {
    const message = fresh();
    const body = { batch_id: 'b-1', logs: [{ message }, {}] };
    const answer = await post('/logs/batch-ingest', body);
    expect(answer.status).toBe(207);
    expect(answer.json).toMatchObject({ status: 'partial', batch_id: 'b-1', accepted: 1, rejected: 1 });
    expect((await post('/logs/batch-ingest', body)).headers.get('idempotency-replayed')).toBe('true');
    expect((await gateway().queued()).filter((entry) => entry.message === message)).toHaveLength(1);
  });

  it('Loki’s push API in JSON', async () => {
    const message = fresh();
    const ns = `${Date.now()}123456`;
    const stream = { service_name: 'shop', level: 'error', host: 'h1', region: 'eu' };
    const answer = await post('/loki/api/v1/push', {
      streams: [{ stream, values: [[ns, message, { trace_id: 't1', order: '7' }]] }],
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await queuedOnes(message))[0]).toMatchObject({
      event_ns: ns,
      service: 'shop',
      level: 'ERROR',
      host: 'h1',
      trace_id: 't1',
      tags: { region: 'eu' },
      fields: { order: '7' },
    });
  });

  it('Loki’s push API in protobuf and snappy', async () => {
    const message = fresh();
    const seconds = Math.floor(Date.now() / 1000);
    const push = encodePush([
      {
        labels: '{service="sh\\"op", env="a,b}"}',
        entries: [
          {
            timestamp: { seconds, nanos: 7 },
            line: message,
            structuredMetadata: [{ name: 'user_id', value: 'u1' }],
          },
        ],
      },
    ]);
    const body = new Uint8Array(await snappy.compress(Buffer.from(push)));
    const answer = await post('/loki/api/v1/push', '', { body, type: 'application/x-protobuf' });
    expect(answer.status).toBe(204);
    expect((await queuedOnes(message))[0]).toMatchObject({
      event_ns: `${seconds}000000007`,
      service: 'sh"op',
      user_id: 'u1',
      tags: { env: 'a,b}' },
    });
    const bomb = new Uint8Array(await snappy.compress(Buffer.alloc(1_000_000)));
    expect((await post('/loki/api/v1/push', '', { body: bomb, type: 'application/x-protobuf' })).status).toBe(
      413,
    );
    const broken = new Uint8Array([5, 0xff, 0xff]);
    expect(
      (await post('/loki/api/v1/push', '', { body: broken, type: 'application/x-protobuf' })).status,
    ).toBe(400);
  });

  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const otlp = (message: string, id: string) => ({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [
          {
            scope: { name: 'shop.orders' },
            logRecords: [
              {
                timeUnixNano: `${Date.now()}000001`,
                severityNumber: 17,
                body: { stringValue: message },
                traceId: id,
                attributes: [{ key: 'order', value: { intValue: '7' } }],
              },
              { body: {} },
            ],
          },
        ],
      },
    ],
  });
  const expected = {
    service: 'shop',
    level: 'ERROR',
    logger: 'shop.orders',
    trace_id: traceId,
    fields: { order: 7 },
  };

  it('OTLP in JSON', async () => {
    const message = fresh();
    const answer = await post('/v1/logs', otlp(message, traceId));
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      partialSuccess: { rejectedLogRecords: 1, errorMessage: 'message: is missing' },
    });
    expect((await queuedOnes(message))[0]).toMatchObject(expected);
  });

  it('OTLP in protobuf', async () => {
    const message = fresh();
    const body = new Uint8Array(encodeOtlp(otlp(message, Buffer.from(traceId, 'hex').toString('base64'))));
    const answer = await post('/v1/logs', '', { body, type: 'application/x-protobuf' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/x-protobuf');
    expect((await queuedOnes(message))[0]).toMatchObject(expected);
  });
});
