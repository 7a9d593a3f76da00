import { gzipSync } from 'node:zlib';
import { compressSync } from 'snappy';
import { expect, it, onTestFinished } from 'vitest';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { encodePush } from '../../pipeline/loki/push-proto.ts';
import { entriesOf } from '../../pipeline/queue/batch.ts';
import type { FormName } from '../forms/forms.ts';
import { send, startTestGateway } from '../testing/test-gateway.ts';
import type { Sending } from './judge.ts';
import { Judges } from './judges.ts';

const limits = {
  ...{ messageBytes: 2000, fieldsBytes: 2000, nesting: 8, maxAgeHours: 24, maxAheadSeconds: 600 },
  entriesPerRequest: 20,
};
const now = new Date().toISOString();
const entry = (message: string) => ({ message, timestamp: now, service: 'shop', fields: { n: 1 } });
const logs = [entry('one'), { level: 'x' }, { ...entry('two ✓'), organizationId: 'globex' }];
const push = encodePush([
  {
    labels: '{app="shop"}',
    entries: [
      { timestamp: { seconds: Date.parse(now) / 1000, nanos: 1 }, line: 'x', structuredMetadata: [] },
    ],
  },
]);

const sending = (form: FormName, body: unknown, more: Partial<Sending> = {}): Sending => ({
  form,
  body: Buffer.from(body instanceof Uint8Array ? body : JSON.stringify(body)),
  caller: { id: 'key', organizations: ['acme', 'globex'] },
  organization: 'acme',
  idempotencyKey: 'same',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ...more,
});

function judges() {
  const made = new Judges({ limits });
  onTestFinished(() => made.close());
  return made;
}

it.each([
  ['JSON', sending('json', logs)],
  ['NDJSON', sending('ndjson', Buffer.from(logs.map((one) => JSON.stringify(one)).join('\n')))],
  ['a batch that has a name', sending('batch', { batch_id: 'b', logs }, { idempotencyKey: undefined })],
  ['a push of Loki', sending('lokiProtobuf', compressSync(Buffer.from(push)))],
  ['nothing good', sending('json', [{}])],
  ['broken JSON', sending('json', Buffer.from('{'))],
  [
    'too many',
    sending(
      'json',
      Array.from({ length: 21 }, () => entry('m')),
    ),
  ],
  ['no snappy', sending('lokiProtobuf', Buffer.from([5, 5]))],
])('%s is judged in another thread as here', async (_, one) => {
  const both = judges();
  const told = (bytes: number) =>
    both.judge({ ...one, body: Buffer.from(one.body) }, bytes).then(
      ({ batches, ...rest }) => ({ ...rest, batches: batches.map((b) => ({ ...b, body: entriesOf(b) })) }),
      (error: unknown) => error,
    );
  const [here, there] = [await told(0), await told(Number.POSITIVE_INFINITY)];
  expect(there).toEqual(here);
  if (here instanceof Error) expect(there).toBeInstanceOf(HttpProblem);
});

it('a large request is taken as a small one is', async () => {
  const { url, key, queued } = await startTestGateway();
  const writer = key(['write']);
  const many = Array.from({ length: 1000 }, (_, index) => ({ message: `${index} ${'x'.repeat(100)}` }));
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send(`${url}/api/v1/logs`, { key: writer, body: JSON.stringify(body), headers });
  const tries = [];
  for (let each = 0; each < 2; each += 1) tries.push(await post(many, { 'idempotency-key': 'k' }));
  expect(tries.map(({ status }) => status)).toEqual([202, 202]);
  expect(tries[1]?.headers.get('idempotency-replayed')).toBe('true');
  expect((await queued()).map(({ message }) => message)).toEqual(many.map(({ message }) => message));
  expect((await post(many.with(7, { message: '' }))).json).toMatchObject({
    ...{ status: 'partial', accepted: 999, rejected: 1 },
    errors: [{ index: 7, reason: 'message: must be a text that is not empty' }],
  });
  expect((await post('x'.repeat(100_000))).status).toBe(400);
  const zipped = { 'content-encoding': 'gzip' };
  const body = new Uint8Array(gzipSync(JSON.stringify(many)));
  expect((await send(`${url}/api/v1/logs`, { key: writer, body, headers: zipped })).status).toBe(202);
});
