import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, it, onTestFinished, type TestContext } from 'vitest';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { send, startTestGateway, type TestGateway } from '../../services/log-gateway/testing/test-gateway.ts';
import { selfSigned } from '../support/certificates.ts';
import { freePorts } from '../support/ports.ts';
import { type RunningTool, startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const password = 'never-to-be-shown';
const stops: (() => Promise<void> | void)[] = [];
let directory = '';
/** Why there is no Redis to test with. */
let missing: string | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'log-gateway-redis-'));
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const found = await runCommand('redis-server', ['--version'], { timeoutMs: 60_000 });
  if (found.exitCode !== 0)
    missing = 'redis-server is not here: apt-get install redis-server, or brew install redis';
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

interface Redis {
  readonly port: number;
  readonly tool: () => RunningTool;
  readonly start: () => void;
}

/** A Redis that wants a password; skips the test where there is none. */
async function startRedis(context: TestContext, more: readonly string[] = []): Promise<Redis> {
  context.skip(missing !== undefined, missing);
  const [port = 0] = await freePorts(1);
  const plain = more.includes('--tls-port') ? '0' : String(port);
  const args = ['--port', plain, '--save', '', '--requirepass', password, '--dir', directory, ...more];
  let tool: RunningTool | undefined;
  const start = (): void => {
    tool = startTool(
      'redis-server',
      args.map((arg) => (arg === 'PORT' ? String(port) : arg)),
    );
  };
  start();
  onTestFinished(() => tool?.stop());
  return {
    port,
    start,
    tool() {
      if (tool === undefined) throw new Error('it was started');
      return tool;
    },
  };
}

/** A store of logs that counts how often it is asked. */
async function startStore() {
  let asked = 0;
  const server = createServer(({ url }, response) => {
    // The gateway's health asks for something else.
    if (url?.includes('query_range')) asked += 1;
    const values = [[`${Date.now() - 600_000}000000`, '{"message":"found"}']];
    response.end(
      JSON.stringify({ data: { resultType: 'streams', result: [{ stream: { service: 'shop' }, values }] } }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const write = async ({ url }: TestGateway, key: string) =>
  (await send(`${url}/api/v1/logs`, { key, body: '{"message":"m"}' })).status;

const redisState = async ({ url }: TestGateway) => {
  const { json } = await send(`${url}/api/v1/health`, { method: 'GET' });
  return (json.dependencies as Record<string, string>).redis;
};
const redisIs = (gateway: TestGateway, state: string) =>
  waitFor(`Redis is ${state}`, async () => (await redisState(gateway)) === state || undefined);

/** Two gateways with the same keys and the same Redis. */
async function startTwo(env: NodeJS.ProcessEnv): Promise<readonly [TestGateway, TestGateway]> {
  const one = await startTestGateway(env);
  const other = await startTestGateway({ ...env, KEYS_FILE: one.keyFile });
  await redisIs(one, 'ok');
  await redisIs(other, 'ok');
  return [one, other];
}

it('two gateways hold one limit together, and each its own while Redis is away', async (context) => {
  const redis = await startRedis(context);
  const [one, other] = await startTwo({
    REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}`,
    LIMITS_REQUESTS_PER_MINUTE: '4',
  });
  const key = one.key(['write']);
  const together = [
    await write(one, key),
    await write(other, key),
    await write(one, key),
    await write(other, key),
  ];
  expect(together).toEqual([202, 202, 202, 202]);
  expect([await write(one, key), await write(other, key)]).toEqual([429, 429]);

  await redis.tool().stop();
  const apart = one.key(['write']);
  const alone = async (gateway: TestGateway) => {
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push(await write(gateway, apart));
    return statuses;
  };
  expect(await alone(one)).toEqual([202, 202, 202, 202, 429]);
  expect(await alone(other)).toEqual([202, 202, 202, 202, 429]);
  await redisIs(one, 'degraded');
  expect((await send(`${one.url}/ready`, { method: 'GET' })).status).toBe(200);

  redis.start();
  await redisIs(one, 'ok');
  await redisIs(other, 'ok');
  const again = one.key(['write']);
  for (const gateway of [one, other, one, other]) expect(await write(gateway, again)).toBe(202);
  expect([await write(one, again), await write(other, again)]).toEqual([429, 429]);

  const said = [...one.lines, ...other.lines].join('\n');
  expect(said).toContain('Redis does not answer');
  expect(said).toContain('Redis answers again');
  expect(said).not.toContain(password);
});

it('a Redis that hangs holds no request up', async (context) => {
  const redis = await startRedis(context);
  const gateway = await startTestGateway({ REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}` });
  await redisIs(gateway, 'ok');
  const { pid } = redis.tool().process;
  if (pid === undefined) throw new Error('it has a process');
  process.kill(pid, 'SIGSTOP');
  try {
    const key = gateway.key(['write']);
    const statuses = await Promise.all(Array.from({ length: 20 }, () => write(gateway, key)));
    expect(new Set(statuses)).toEqual(new Set([202]));
    await redisIs(gateway, 'degraded');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await redisIs(gateway, 'ok');
});

it('what one gateway searched, another has from Redis, and only for the same organization', async (context) => {
  const redis = await startRedis(context);
  const store = await startStore();
  const url = `redis://:${password}@127.0.0.1:${redis.port}`;
  const [one, other] = await startTwo({ REDIS_URL: url, LOKI_URL: store.url });
  const end = Math.floor(Date.now() / 1000) - 300;
  const search = (gateway: TestGateway, organization: string) =>
    send(`${gateway.url}/api/v1/logs/search?start_time=${end - 3600}&end_time=${end}`, {
      method: 'GET',
      key: one.key(['read'], [organization]),
    });
  const first = await search(one, 'acme');
  const client = createClient({ url });
  onTestFinished(() => client.destroy());
  await client.connect();
  await waitFor('it is in Redis', async () => (await client.keys('*:search:*')).length === 1 || undefined);
  expect((await search(other, 'acme')).json.entries).toEqual(first.json.entries);
  expect(first.json.entries).toMatchObject([{ message: 'found' }]);
  expect(store.asked()).toBe(1);
  await search(other, 'globex');
  expect(store.asked()).toBe(2);
  const { text } = await send(`${other.url}/metrics`, { method: 'GET' });
  const count = (result: string) =>
    Number(
      new RegExp(`log_search_cache_requests_total\\{cache_result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
    );
  expect([count('hit'), count('miss')]).toEqual([1, 1]);
});

it('a wrong password is a warning that does not show it', async (context) => {
  const redis = await startRedis(context);
  const gateway = await startTestGateway({ REDIS_URL: `redis://:wrong-${password}@127.0.0.1:${redis.port}` });
  expect(await write(gateway, gateway.key(['write']))).toBe(202);
  await waitFor('the warning', () => gateway.lines.join('').includes('WRONGPASS') || undefined);
  expect(gateway.lines.join('')).not.toContain(password);
  expect(await redisState(gateway)).toBe('degraded');
});

it('TLS is used, and a certificate of another authority refused', async (context) => {
  context.skip(missing !== undefined, missing);
  const [own, strange] = [await selfSigned(directory, 'own'), await selfSigned(directory, 'strange')];
  const redis = await startRedis(context, [
    ...['--tls-port', 'PORT', '--tls-cert-file', own.certificate, '--tls-key-file', own.key],
    ...['--tls-ca-cert-file', own.certificate, '--tls-auth-clients', 'no'],
  ]);
  const url = `rediss://:${password}@127.0.0.1:${redis.port}`;
  const trusting = await startTestGateway({ REDIS_URL: url, REDIS_CA_FILE: own.certificate });
  await redisIs(trusting, 'ok');
  const wary = await startTestGateway({ REDIS_URL: url, REDIS_CA_FILE: strange.certificate });
  await waitFor('the warning', () => wary.lines.join('').includes('Redis does not answer') || undefined);
  expect(await redisState(wary)).toBe('degraded');
});
