import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { send, startTestGateway } from '../testing/test-gateway.ts';
import { testIntake } from '../testing/test-intake.ts';

const { gateway, fresh, post, queuedOnes } = testIntake();

describe('POST /api/v1/logs', () => {
  it('takes one entry, and answers when it is on the disk', async () => {
    const message = fresh();
    const answer = await post('/api/v1/logs', { message, level: 'warn', service: 'shop' });
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({
      status: 'accepted',
      accepted: 1,
      rejected: 0,
      durability: 'fsynced',
    });
    const [entry] = await queuedOnes(message);
    expect(entry).toMatchObject({ organization: 'acme', level: 'WARNING', service: 'shop' });
    expect(answer.json.ids).toEqual([entry?.id]);
  });

  it('takes arrays, {logs: []} and NDJSON', async () => {
    const [a, b, c] = [fresh(), fresh(), fresh()];
    expect((await post('/api/v1/logs', [{ message: a }])).json).toMatchObject({ accepted: 1 });
    expect((await post('/api/v1/logs', { logs: [{ message: b }] })).json).toMatchObject({ accepted: 1 });
    const lines = `{"message":"${c}"}\n\n{"message":"${c}-2"}\r\n`;
    const answer = await post('/api/v1/logs', '', { type: 'application/x-ndjson', body: lines });
    expect(answer.json).toMatchObject({ accepted: 2 });
    expect(await queuedOnes(a, b, c, `${c}-2`)).not.toContain(undefined);
  });

  it('keeps the good entries of a batch and names the bad ones', async () => {
    const good = fresh();
    const answer = await post('/api/v1/logs', [
      { message: good },
      { level: 'INFO' },
      7,
      { message: 'm', level: 'x' },
    ]);
    expect(answer.status).toBe(207);
    expect(answer.json).toMatchObject({
      status: 'partial',
      accepted: 1,
      rejected: 3,
      errors: [
        { index: 1, reason: 'message: is missing' },
        { index: 2, reason: 'it is no object' },
        { index: 3, reason: 'level: is no level' },
      ],
    });
    expect(await queuedOnes(good)).not.toContain(undefined);
  });

  it('refuses a batch without a good entry, as problem details', async () => {
    const answer = await post('/api/v1/logs', [{}, {}]);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.json).toMatchObject({ status: 400, title: 'Bad Request', rejected: 2 });
  });

  it.each(['[]', '{"logs":[]}'])('refuses %s, in which there is no entry', async (body) => {
    expect((await post('/api/v1/logs', '', { body })).status).toBe(400);
  });

  it('takes gzip and zstd', async () => {
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const message = fresh();
      const answer = await post('/api/v1/logs', '', {
        body: new Uint8Array(compress(JSON.stringify({ message }))),
        headers: { 'content-encoding': encoding },
      });
      expect(answer.status).toBe(202);
      expect(await queuedOnes(message)).not.toContain(undefined);
    }
  });

  it.each([
    ['a gzip bomb', 413, { body: new Uint8Array(gzipSync(Buffer.alloc(5_000_000))), encoding: 'gzip' }],
    [
      'a zstd bomb',
      413,
      { body: new Uint8Array(zstdCompressSync(Buffer.alloc(5_000_000))), encoding: 'zstd' },
    ],
    ['no gzip', 400, { body: '{}', encoding: 'gzip' }],
    ['no zstd', 400, { body: '{}', encoding: 'zstd' }],
    ['an unknown encoding', 415, { body: '{}', encoding: 'br' }],
    ['encodings over each other', 415, { body: '{}', encoding: 'gzip, gzip' }],
    ['a body that is too large', 413, { body: ' '.repeat(100_001) }],
    ['bytes that are no UTF-8', 400, { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    ['broken JSON', 400, { body: '{"message":' }],
    ['a number', 400, { body: '7' }],
    ['nothing', 400, { body: '' }],
    ['deep nesting', 400, { body: '['.repeat(50_000) }],
    ['deep nesting that is whole', 400, { body: `${'['.repeat(40_000)}${']'.repeat(40_000)}` }],
    ['deep fields', 400, { body: `{"message":"m","fields":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}` }],
    ['text', 415, { body: 'x', type: 'text/plain' }],
    ['another character set', 415, { body: '{}', type: 'application/json; charset=utf-16' }],
  ])('refuses %s with %i', async (_, status, { body, encoding, type }: Odd) => {
    const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
    const answer = await post('/api/v1/logs', '', { body, headers, ...(type === undefined ? {} : { type }) });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, request_id: expect.any(String) });
  });

  it('gives the tries of one Idempotency-Key one answer, and takes the entries once', async () => {
    const message = fresh();
    const headers = { 'idempotency-key': 'key-1' };
    const first = await post('/api/v1/logs', { message }, { headers });
    const second = await post('/api/v1/logs', { message }, { headers });
    expect(second.json).toEqual(first.json);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await gateway().queued()).filter((entry) => entry.message === message)).toHaveLength(1);
    expect((await post('/api/v1/logs', { message: 'other' }, { headers })).status).toBe(422);
    const others = gateway().key(['write'], ['globex']);
    await expect
      .poll(async () => (await post('/api/v1/logs', { message }, { headers, key: others })).status)
      .toBe(202);
  });

  it('never answers one organization with what another sent', async () => {
    const both = gateway().key(['write'], ['acme', 'globex']);
    const message = fresh();
    const into = (organization: string) =>
      post(
        '/logs/batch-ingest?ids=true',
        { batch_id: 'constant', logs: [{ message }] },
        {
          key: both,
          headers: { 'x-scope-orgid': organization },
        },
      );
    const answers = [await into('acme'), await into('globex')];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[1]?.headers.get('idempotency-replayed')).toBeNull();
    const kept = (await gateway().queued()).filter((entry) => entry.message === message);
    expect(new Set(kept.map(({ organization }) => organization))).toEqual(new Set(['acme', 'globex']));
    expect(new Set(kept.map(({ id }) => id)).size).toBe(2);
  });

  it('puts each entry into its organization, and refuses those of others', async () => {
    const both = gateway().key(['write'], ['acme', 'globex']);
    const [a, b, c] = [fresh(), fresh(), fresh()];
    const body = [
      { message: a, organizationId: 'acme' },
      { message: b, organizationId: 'globex' },
      { message: c, organizationId: 'initech' },
      { message: c },
    ];
    expect((await post('/api/v1/logs', body, { key: both })).status).toBe(207);
    const [inAcme, inGlobex, nowhere] = await queuedOnes(a, b, c);
    expect([inAcme?.organization, inGlobex?.organization, nowhere]).toEqual(['acme', 'globex', undefined]);
    const foreign = await post('/api/v1/logs', { message: c, organizationId: 'globex' });
    expect(foreign.status).toBe(403);
  });
});

interface Odd {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly encoding?: string;
  readonly type?: string;
}

describe('a queue that takes nothing', () => {
  it('is said with 429 and Retry-After, and nothing is acknowledged', async () => {
    const full = await startTestGateway({ QUEUE_MAX_BYTES: '1000000' });
    const writer = full.key(['write']);
    // Chance, which cannot be compressed: what counts is what is stored.
    const body = JSON.stringify({ message: randomBytes(110_000).toString('base64') });
    const answers: Awaited<ReturnType<typeof send>>[] = [];
    for (let sent = 0; sent < 10; sent += 1) {
      answers.push(await send(`${full.url}/api/v1/logs`, { key: writer, body }));
    }
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const taken = answers.filter(({ status }) => status === 202).length;
    expect(taken + refused.length).toBe(10);
    expect(await full.queued()).toHaveLength(taken);
  });
});
