import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { operations } from './api/operations.ts';
import { send, startTestGateway, type TestGateway } from './testing/test-gateway.ts';

const stops: (() => Promise<void>)[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  // Nothing listens there: who is let in gets 502, and nobody else does.
  const nowhere = 'http://127.0.0.1:9';
  gateway = await startTestGateway(
    {
      LOKI_URL: nowhere,
      PROMETHEUS_URL: nowhere,
      BEHIND_INGESTOR: nowhere,
      CORS_ORIGINS: 'https://app.example.org',
    },
    (stop) => stops.push(stop),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const documented = operations({ searchLines: 100, searchRangeHours: 168 });

describe('tokens of a sign-on provider', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const claims = { roles: ['write'], organizations: ['acme'] };
  const token = (more: object = {}, { expires = '1h', audience = 'logs', key = privateKey } = {}) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setSubject('alice')
      .setIssuer('https://issuer.example')
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(key);

  it('let in by their roles and organizations, and by no others', async () => {
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
    const provider = createServer((_, response) => response.end(jwks)).listen(0, '127.0.0.1');
    onTestFinished(() => void provider.close());
    await once(provider, 'listening');
    const signed = await startTestGateway({
      KEYS_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`,
      KEYS_ISSUER: 'https://issuer.example',
      KEYS_AUDIENCE: 'logs',
    });
    const post = async (key: string) =>
      (await send(`${signed.url}/api/v1/logs`, { key, body: '{"message":"m","organizationId":"acme"}' }))
        .status;
    expect(await post(await token())).toBe(202);
    expect(await post(await token({ roles: ['read'] }))).toBe(403);
    expect(await post(await token({ organizations: ['globex'] }))).toBe(403);
    expect(await post(await token({}, { expires: '-1m' }))).toBe(401);
    expect(await post(await token({}, { audience: 'other' }))).toBe(401);
    expect(await post(await token({}, { key: stranger }))).toBe(401);
  });
});

describe('what is open to all', () => {
  it.each([
    '/',
    '/health',
    '/api/v1/health',
    '/ready',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/redoc',
    '/docs/redoc.js',
  ])('GET %s', async (path) => {
    expect((await send(gateway.url + path, { method: 'GET' })).status).toBe(200);
  });

  it('tells which dependency is degraded, and takes logs all the same', async () => {
    const { json } = await send(`${gateway.url}/api/v1/health`, { method: 'GET' });
    expect(json).toEqual({
      status: 'degraded',
      dependencies: {
        queue: 'ok',
        keys: 'ok',
        loki: 'degraded',
        prometheus: 'degraded',
        ingestor: 'degraded',
      },
    });
    expect((await send(`${gateway.url}/ready`, { method: 'GET' })).status).toBe(200);
  });

  it('documents every endpoint, and each by what it is', async () => {
    const { json } = await send(`${gateway.url}/openapi.json`, { method: 'GET' });
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths as object)).toEqual([...new Set(documented.map(({ path }) => path))]);
    const text = JSON.stringify(json);
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(json).toHaveProperty(['components', 'schemas', name]);
    }
    expect(text).not.toContain('$defs');
    for (const [name, schema] of Object.entries((json.components as { schemas: object }).schemas)) {
      expect(JSON.stringify(schema), name).toMatch(/"type":|"anyOf":/);
    }
  });

  it('answers 405 where the path is one and the method is none', async () => {
    for (const { path, method } of documented) {
      const answer = await send(gateway.url + path, { method: 'DELETE' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([
        405,
        expect.stringContaining(method.toUpperCase()),
      ]);
    }
  });

  it('allows other origins by the configuration only', async () => {
    const asked = (origin: string) =>
      send(`${gateway.url}/api/v1/logs`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = (await asked('https://app.example.org')).headers.get('access-control-allow-origin');
    expect(allowed).toBe('https://app.example.org');
    expect((await asked('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
      'https://evil.example',
    );
  });

  it('leaks nothing in what it refuses', async () => {
    for (const path of ['/nothing', '/docs/..%2f..%2fpackage.json', '/docs/package.json', '/api/v1/logs']) {
      const { text } = await send(gateway.url + path, { method: 'GET' });
      expect(text).not.toMatch(/node_modules|\.ts|at \w+ \(|Error/);
    }
  });
});

it('refuses with the time to wait while no broker of its queue answers, and is not ready', async () => {
  const lonely = await startTestGateway({ KAFKA_BROKERS: '127.0.0.1:9' });
  const body = '{"message":"m"}';
  const answer = await send(`${lonely.url}/api/v1/logs`, { key: lonely.key(['write']), body });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await send(`${lonely.url}/ready`, { method: 'GET' })).status).toBe(503);
  await vi.waitFor(() => expect(lonely.lines.join('')).toContain('Kafka does not take what is queued'), {
    timeout: 20_000,
  });
});

describe('the services behind the gateway', () => {
  it('are asked with the same request id, and never see the key', async () => {
    const seen: { url?: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = [];
    const backend = createServer((request, response) => {
      seen.push({ url: request.url, headers: request.headers });
      response.setHeader('x-request-id', 'of-the-backend').end('{"alerts":[]}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void backend.close());
    await once(backend, 'listening');
    const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const front = await startTestGateway({ BEHIND_ALERT_HISTORY: url });
    const key = front.key(['read']);
    const answer = await send(`${front.url}/api/v1/alerts/recent?limit=3`, {
      method: 'GET',
      key,
      headers: { 'x-request-id': 'from-the-client' },
    });
    expect([answer.status, answer.text]).toEqual([200, '{"alerts":[]}']);
    expect(answer.headers.get('x-request-id')).toBe('from-the-client');
    expect(seen).toMatchObject([
      {
        url: '/api/v1/alerts/recent?limit=3',
        headers: { 'x-request-id': 'from-the-client', 'x-organizations': 'acme', 'x-scope-orgid': 'acme' },
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain(key);
    const both = { method: 'GET', key: front.key(['read'], ['acme', 'globex']) };
    expect((await send(`${front.url}/api/v1/alerts`, both)).status).toBe(400);
    expect(seen).toHaveLength(1);
    await send(`${front.url}/api/v1/alerts`, { ...both, headers: { 'x-scope-orgid': 'globex' } });
    await send(`${front.url}/api/v1/alerts`, { method: 'GET', key: front.key(['read'], ['*']) });
    expect(seen.slice(1).map(({ headers }) => headers['x-organizations'])).toEqual(['globex', '*']);
  });
});
