import type { ClientRequest, IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { operations } from '../api/operations.ts';
import { behindPaths } from '../behind/routes.ts';
import { tailPath } from '../search/routes.ts';
import { type Answer, send, startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import type { Scope } from './key-record.ts';
import { createKey, revokeKey } from './manage-keys.ts';

const stops: (() => Promise<void>)[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  // Nothing listens there: who is let in gets 502, and nobody else does.
  const nowhere = 'http://127.0.0.1:9';
  gateway = await startTestGateway(
    {
      LOKI_URL: nowhere,
      PROMETHEUS_URL: nowhere,
      BEHIND_ALERT_HISTORY: nowhere,
      BEHIND_INGESTOR: nowhere,
      // All that is refused here comes from one address.
      LIMITS_REFUSED_TRIES_PER_MINUTE: '100000',
    },
    (stop) => stops.push(stop),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope;
  /** A query that is valid. */
  readonly query?: string;
}

/** Whoever may read changes nothing of what is behind. */
const proxied = Object.keys(behindPaths).flatMap((path): readonly Endpoint[] =>
  ['', '/one'].flatMap((rest) => {
    const at = path.replace('{/*rest}', rest);
    return [
      { method: 'get', path: at, scope: 'read' },
      ...['post', 'put', 'patch', 'delete'].map((method) => ({ method, path: at, scope: 'admin' as const })),
    ];
  }),
);
const documented = operations({ searchLines: 100, searchRangeHours: 168 });
/** Every endpoint that wants a key. */
const endpoints: readonly Endpoint[] = [
  ...documented.flatMap(({ method, path, scope }) =>
    scope === undefined
      ? []
      : [{ method, path, scope, query: path.includes('/metrics/') ? '?query=up' : '' }],
  ),
  ...proxied,
  { method: 'websocket', path: tailPath, scope: 'read' },
];

const isForMetrics = (path: string): boolean => path.includes('/metrics/');
const rightOrganization = ({ path }: Endpoint): string => (isForMetrics(path) ? 'platform' : 'acme');
function call({ method, path, query = '' }: Endpoint, key?: string, more: Record<string, string> = {}) {
  if (method === 'websocket') {
    return refusedWebSocket(`${gateway.url.replace('http', 'ws')}${path}`, {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...more,
    });
  }
  return send(`${gateway.url}${path}${query}`, {
    method: method.toUpperCase(),
    ...(key === undefined ? {} : { key }),
    ...(method === 'post' ? { body: '{"message":"m"}' } : {}),
    headers: more,
  });
}

/** What a WebSocket is answered that is not let in. */
async function refusedWebSocket(url: string, headers: Record<string, string>): Promise<Answer> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => {});
  const [, response]: readonly [ClientRequest, IncomingMessage] = await new Promise((resolve) =>
    socket.once('unexpected-response', (...both) => resolve(both)),
  );
  const text = (await response.toArray()).join('');
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(Object.entries(response.headersDistinct).map(([name, all]) => [name, `${all}`])),
    text,
    json: JSON.parse(text),
  };
}

type KeyInput = Parameters<typeof createKey>[1];
const keys = new Map<string, string>();

/** One key for the endpoints that ask for the same: each is written to the file, which the gateway then reads anew. */
function keyOf(change: Partial<KeyInput>): string {
  const wanted: KeyInput = { name: 't', scopes: ['admin'], organizations: ['acme', 'platform'], ...change };
  const what = JSON.stringify(wanted);
  const key = keys.get(what) ?? createKey(gateway.keyFile, wanted).key;
  keys.set(what, key);
  return key;
}

const expired = new Date(Date.now() - 1);
let revoked: string | undefined;
function revokedKey(): string {
  if (revoked !== undefined) return revoked;
  const { key, record } = createKey(gateway.keyFile, { name: 't', scopes: ['admin'], organizations: ['*'] });
  revokeKey(gateway.keyFile, record.id);
  revoked = key;
  return key;
}

/** Keys that let nobody in, by what is wrong with them. */
const refusedKeys: readonly (readonly [why: string, key: () => string | undefined, status: number])[] = [
  ['no key', () => undefined, 401],
  ['an empty key', () => '', 401],
  ['a wrong key', () => `slk_${'0'.repeat(16)}_${'a'.repeat(43)}`, 401],
  ['a key with another secret', () => keyOf({}).slice(0, -43) + 'a'.repeat(43), 401],
  ['an expired key', () => keyOf({ expiresAt: expired }), 401],
  ['a revoked key', revokedKey, 401],
  ['a token that nobody signed', () => 'e30.e30.e30', 401],
];

describe.each(endpoints)('$method $path', (endpoint) => {
  it.each(refusedKeys)('refuses %s', async (_, key, status) => {
    const answer = await call(endpoint, key());
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      status,
      detail: 'Send a valid API key as a bearer token or in X-API-Key',
    });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('refuses a key of another scope', async () => {
    const others = (['write', 'read'] as const).filter((scope) => scope !== endpoint.scope);
    const answer = await call(endpoint, keyOf({ scopes: others.length === 2 ? ['read', 'write'] : others }));
    expect([answer.status, answer.json.detail]).toEqual([403, `The key lacks the scope ${endpoint.scope}`]);
  });

  it('refuses a key of another organization', async () => {
    const stranger = keyOf({ scopes: [endpoint.scope], organizations: ['globex'] });
    const headers = { 'x-scope-orgid': rightOrganization(endpoint) };
    expect((await call(endpoint, stranger, headers)).status).toBe(403);
  });

  it('lets the right key in', async () => {
    const key = keyOf({ scopes: [endpoint.scope], organizations: [rightOrganization(endpoint)] });
    // Bodies are those of /api/v1/logs, and no store is there.
    expect([200, 202, 400, 502]).toContain((await call(endpoint, key)).status);
  });
});

describe('keys', () => {
  it('are taken from each of the headers that clients use', async () => {
    const key = keyOf({ scopes: ['write'], organizations: ['acme'] });
    const basic = `Basic ${Buffer.from(`acme:${key}`).toString('base64')}`;
    for (const headers of [
      { 'x-api-key': key },
      { authorization: basic },
      { authorization: `bearer ${key}` },
    ]) {
      const answer = await send(`${gateway.url}/api/v1/logs`, { body: '{"message":"m"}', headers });
      expect(answer.status).toBe(202);
    }
  });

  it('have a rate, which standard headers tell', async () => {
    const limited = await startTestGateway({ LIMITS_REQUESTS_PER_MINUTE: '3' });
    const [one, other] = [limited.key(['write']), limited.key(['write'])];
    const post = (key: string) => send(`${limited.url}/api/v1/logs`, { key, body: '{"message":"m"}' });
    const answers = [await post(one), await post(one), await post(one), await post(one)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toContain('q=3');
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(other)).status).toBe(202);
  });
});
