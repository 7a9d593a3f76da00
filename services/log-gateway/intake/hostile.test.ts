import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';

const stops: (() => Promise<void>)[] = [];
let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway(
    { LIMITS_BODY_BYTES: '100000', LIMITS_DECOMPRESSED_BYTES: '200000', LIMITS_IN_FLIGHT_BYTES: '2000000' },
    (stop) => stops.push(stop),
  );
  key = gateway.key(['write', 'read']);
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const paths = [
  '/api/v1/logs',
  '/api/logs',
  '/logs/ingest',
  '/logs/batch-ingest',
  '/loki/api/v1/push',
  '/v1/logs',
];
const types = [
  'application/json',
  'application/x-ndjson',
  'application/x-protobuf',
  'text/plain',
  'nonsense',
  '',
];
/** What the caller can get for what the caller does. */
const expected = [200, 202, 204, 207, 400, 413, 415, 422];

describe('whatever is sent', () => {
  const json = fc.oneof(
    fc.json({ maxDepth: 6 }),
    fc.json({ maxDepth: 2 }).map((text) => `{"logs":[${text}],"streams":[${text}],"resourceLogs":[${text}]}`),
    fc.json({ maxDepth: 2 }).map((text) => `{"message":"m","level":${text},"tags":${text},"fields":${text}}`),
    fc.string({ unit: 'binary' }),
  );
  const body = fc.oneof(
    json.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  );

  it('is answered as the sender’s own doing, never with 500', async () => {
    const request = fc.record({
      path: fc.constantFrom(...paths),
      type: fc.constantFrom(...types),
      encoding: fc.constantFrom('identity', 'gzip', 'zstd', 'gzip, gzip', 'snappy', ''),
      body,
      zipped: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, type, encoding, body: plain, zipped }) => {
        const bytes = new Uint8Array(zipped ? gzipSync(plain) : plain);
        const headers = encoding === '' ? {} : { 'content-encoding': encoding };
        const answer = await send(gateway.url + path, { key, type, headers, body: bytes });
        expect(expected).toContain(answer.status);
        if (answer.status >= 400) expect(answer.json).toMatchObject({ status: answer.status });
      }),
      { numRuns: 400 },
    );
    expect(gateway.lines.filter((line) => line.includes('"ERROR"'))).toEqual([]);
  });

  it.each(['arrayValue', 'kvlistValue'])('thousands of levels of OTLP’s %s are refused', async (kind) => {
    const [open, close] = kind === 'arrayValue' ? ['[', ']'] : ['[{"key":"k","value":', '}]'];
    const value = `${`{"${kind}":{"values":${open}`.repeat(1500)}{}${`${close}}}`.repeat(1500)}`;
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
    expect((await send(`${gateway.url}/v1/logs`, { key, body })).status).toBe(400);
  });

  it.each(paths)('tens of thousands of levels at %s are refused', async (path) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(12_000)}1${close.repeat(12_000)}`;
      for (const body of [
        deep,
        `{"message":"m","fields":{"a":${deep}}}`,
        `{"logs":[{"message":"m","tags":${deep}}]}`,
      ]) {
        const { status, json } = await send(gateway.url + path, { key, body });
        // OTLP and its like pass over what they do not know.
        expect([200, 202, 400]).toContain(status);
        if (status === 400) expect(json.status).toBe(400);
      }
    }
    expect(gateway.lines.filter((line) => line.includes('"ERROR"'))).toEqual([]);
  });

  it('in a query, too', async () => {
    const names = [
      'query',
      'level',
      'limit',
      'cursor',
      'start_time',
      'end_time',
      'organization',
      'hours',
      'x',
    ];
    const query = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 30 })));
    const path = fc.constantFrom('/api/v1/logs/search', '/logs/patterns', '/api/v1/logs/tail', '/docs/x');
    await fc.assert(
      fc.asyncProperty(path, query, async (where, parameters) => {
        const answer = await send(`${gateway.url}${where}?${new URLSearchParams(parameters)}`, {
          method: 'GET',
          key,
        });
        // No Loki is there, which is 502.
        expect([400, 403, 404, 502]).toContain(answer.status);
      }),
      { numRuns: 150 },
    );
  });
});

describe('connections', () => {
  const address = (): { readonly host: string; readonly port: number } => ({
    host: '127.0.0.1',
    port: Number(new URL(gateway.url).port),
  });

  /** The first line that comes back; empty where the connection ends without one. */
  async function answerTo(text: string): Promise<string> {
    const socket = connect(address());
    socket.on('error', () => {});
    socket.write(text);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('\r\n')) socket.end();
    });
    await new Promise((resolve) => socket.on('close', resolve));
    return answer.split('\r\n')[0] ?? '';
  }

  const head = (more: string) =>
    `POST /api/v1/logs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${more}\r\n`;

  it.each([
    ['two lengths', () => head('Content-Length: 3\r\nContent-Length: 5\r\n'), '400'],
    ['a length and chunks', () => head('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n'), '400'],
    ['a length that is none', () => head('Content-Length: -1\r\n'), '400'],
    ['chunks that are none', () => `${head('Transfer-Encoding: chunked\r\n')}zz\r\n`, '400'],
    ['headers without end', () => head(`X-Long: ${'a'.repeat(20_000)}\r\n`), '431'],
    [
      'a line feed in a header',
      () => `${head('X-A: b\nX-Scope-OrgID: globex\r\nContent-Length: 2\r\n')}{}`,
      '400',
    ],
    ['a length that is too large', () => head('Content-Length: 99999999999\r\n'), '413'],
    ['more organizations', () => `${head('X-Scope-OrgID: acme|globex\r\nContent-Length: 2\r\n')}{}`, '403'],
  ])('%s is refused', async (_, text, status) => {
    expect(await answerTo(text())).toContain(status);
  });

  it('that send nothing, or go away in the middle, hold nothing up', async () => {
    const slow: Socket[] = [];
    const status = async () => (await send(`${gateway.url}/api/v1/logs`, { key, body: big() })).status;
    // What they would send counts already: in the end more is asked to come again.
    const withMoreSlowOnes = async () => {
      for (let more = 0; more < 10; more += 1) {
        const socket = connect(address());
        slow.push(socket);
        socket.on('error', () => {});
        socket.write(`${head('Content-Length: 90000\r\n')}{"mess`);
        await connected(socket);
      }
      return status();
    };
    await expect.poll(withMoreSlowOnes, { timeout: 30_000 }).toBe(503);
    for (const socket of slow) socket.destroy();
    await expect.poll(status, { timeout: 30_000 }).toBe(202);
  });

  it('may be a thousand at once', async () => {
    const body = '{"message":"m"}';
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () =>
        answerTo(`${head(`Connection: close\r\nContent-Length: ${body.length}\r\n`)}${body}`),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['HTTP/1.1 202 Accepted']));
  });
});

const big = (): string =>
  JSON.stringify({ message: 'm'.repeat(10), fields: { a: 'x'.repeat(30_000) } }).padEnd(99_000);

async function connected(socket: Socket): Promise<void> {
  if (socket.connecting) await once(socket, 'connect');
}
