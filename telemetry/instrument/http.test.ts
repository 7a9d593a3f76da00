import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInstrumentation } from './instrumentation.ts';
import { HttpProblem } from './problem.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Line {
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly request_id?: string;
  readonly [field: string]: unknown;
}

type Serving = 'before the app' | 'in the chain of the app';

async function service(env: NodeJS.ProcessEnv = {}, serving: Serving = 'before the app') {
  const lines: Line[] = [];
  const kit = createInstrumentation({
    service: 'backend-api',
    version: '4.5.6',
    env,
    destination: { write: (line: string) => lines.push(JSON.parse(line) as Line) },
  });
  const log = kit.logger('tasks');
  const app = express();
  if (serving === 'in the chain of the app') app.use(kit.middleware(), kit.operational());
  app.use(express.json({ limit: '1kb' }));
  app.get('/tasks/:id', (req, res) => {
    res.json({ id: req.params.id });
  });
  app.post('/tasks', async (_req, res) => {
    kit.setUser('user-1');
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.info('Created');
    const { requestId, traceId, sampled } = kit.trace.current() ?? {};
    res.status(201).json({ requestId, traceId, sampled });
  });
  app.get('/login', () => {
    throw new Error('secret internals', { cause: new Error('password=hunter2') });
  });
  app.get('/entries', () => {
    throw new HttpProblem(409, 'Somebody else changed it.', { version: 3 });
  });
  app.get('/status', async (_req, res) => {
    res.write('half');
    throw new Error('too late');
  });
  app.get('/reminders', () => {});
  app.use(
    '/nested',
    express.Router().get('/deeper', (_req, res) => void res.end()),
  );
  app.use(kit.notFound(), kit.errorHandler());
  const server = createServer(serving === 'before the app' ? kit.listener(app) : app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const requestLine = () =>
    vi.waitFor(() => {
      const line = lines.findLast(
        ({ logger, message }) => logger === 'http.server' && / \d{3}$/.test(message),
      );
      if (line === undefined) throw new Error('no request line yet');
      return line;
    });
  return { kit, lines, base, port, requestLine };
}

const json = { 'content-type': 'application/json' };

describe('a request', () => {
  it('keeps its id and its trace, through a body parser and awaits, and answers with them', async () => {
    const { base, lines, requestLine } = await service();
    const response = await fetch(`${base}/tasks`, {
      method: 'POST',
      body: '{"a":1}',
      headers: {
        ...json,
        'x-request-id': 'given-1',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    expect(response.headers.get('x-request-id')).toBe('given-1');
    expect(await response.json()).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      sampled: true,
    });
    const line = await requestLine();
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'POST /tasks answered with status 201',
      request_id: 'given-1',
      user_id: 'user-1',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      http_request_method: 'POST',
      http_route: '/tasks',
      http_response_status_code: 201,
    });
    expect(line.span_id).not.toBe('b7ad6b7169203331');
    expect(line.duration_ms).toBeGreaterThan(4);
    const created = lines.find(({ message }) => message === 'Created');
    expect(created).toMatchObject({ request_id: 'given-1', user_id: 'user-1', span_id: line.span_id });
  });

  it('gets an id where it has none, or one that is not sane', async () => {
    const { base } = await service();
    for (const headers of [{}, { 'x-request-id': 'no spaces' }] as Record<string, string>[]) {
      const response = await fetch(`${base}/tasks/1`, { headers });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('is counted under its route template, whatever its path', async () => {
    const { base } = await service();
    for (const path of ['/tasks/1', '/tasks/2', '/nowhere/3', '/nowhere/4', '/nested/deeper']) {
      await (await fetch(base + path)).text();
    }
    const body = await vi.waitFor(async () => {
      const text = await (await fetch(`${base}/metrics`)).text();
      expect(text).toContain('http_response_status_code="200"} 2\n');
      return text;
    });
    const count = (route: string, status: number) =>
      `http_server_request_duration_seconds_count{http_request_method="GET",http_route="${route}",http_response_status_code="${status}"}`;
    expect(body).toContain(`${count('/tasks/:id', 200)} 2\n`);
    expect(body).toContain(`${count('unmatched', 404)} 2\n`);
    expect(body).toContain(`${count('unmatched', 200)} 1\n`);
    expect(body).toContain('http_server_active_requests{http_request_method="GET"} 1\n');
  });

  it.each<Serving>(['before the app', 'in the chain of the app'])(
    'has its line, its metrics and the operational endpoints %s',
    async (serving) => {
      const { base, requestLine } = await service({}, serving);
      const response = await fetch(`${base}/tasks/1?a=1`, { headers: { 'x-request-id': 'r-2' } });
      expect(response.headers.get('x-request-id')).toBe('r-2');
      expect(await requestLine()).toMatchObject({
        request_id: 'r-2',
        level: 'INFO',
        http_route: '/tasks/:id',
      });
      for (const path of ['/metrics', '/health?deep', '/ready']) {
        const head = await fetch(base + path, { method: 'HEAD' });
        expect(head.status).toBe(200);
        expect(head.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
      }
      expect((await fetch(`${base}/metrics`, { method: 'POST' })).status).toBe(404);
      expect((await fetch(`${base}/metrics/more`)).status).toBe(404);
      expect(await (await fetch(`${base}/metrics`)).text()).toContain(
        'http_server_request_duration_seconds_count{http_request_method="HEAD",http_route="/health"',
      );
    },
  );

  it('of an unusual method is _OTHER', async () => {
    const { base, requestLine } = await service();
    await fetch(`${base}/tasks/1`, { method: 'PROPFIND' });
    expect(await requestLine()).toMatchObject({ http_request_method: '_OTHER', level: 'WARNING' });
  });

  it('whose client went away counts as 499', async () => {
    const { port, requestLine } = await service();
    const outgoing = request({ port, host: '127.0.0.1', path: '/reminders' }).on('error', () => {});
    outgoing.end();
    await once(outgoing, 'socket');
    setTimeout(() => outgoing.destroy(), 50);
    expect(await requestLine()).toMatchObject({ http_response_status_code: 499, level: 'WARNING' });
  });

  it('for what machines poll is logged at DEBUG', async () => {
    const { base, lines, requestLine } = await service({ LOG_LEVEL: 'DEBUG' });
    for (const path of ['/health', '/ready', '/metrics']) await fetch(base + path);
    await requestLine();
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['DEBUG']));
  });
});

describe('an error', () => {
  it('is logged with its stack and answered without a word about it', async () => {
    const { base, lines } = await service();
    const response = await fetch(`${base}/login`, { headers: { 'x-request-id': 'r-1' } });
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      request_id: 'r-1',
    });
    const line = lines.find(({ message }) => message === 'A request failed with an unexpected error');
    expect(line).toMatchObject({ level: 'ERROR', error_type: 'Error', error_message: 'secret internals' });
    expect(line?.error_stack).toContain('caused by');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('that the caller can mend says how', async () => {
    const { base } = await service();
    const response = await fetch(`${base}/entries`);
    expect(await response.json()).toMatchObject({
      status: 409,
      detail: 'Somebody else changed it.',
      version: 3,
    });
  });

  it.each([
    ['{"password":"hunter2"', 400, 'The body is not valid JSON.'],
    [JSON.stringify({ password: 'hunter2'.repeat(500) }), 413, 'The body is too large.'],
  ])('in a body does not repeat the body: %#', async (body, status, detail) => {
    const { base, lines, requestLine } = await service();
    const response = await fetch(`${base}/tasks`, { method: 'POST', body, headers: json });
    expect(await response.json()).toMatchObject({ status, detail });
    await requestLine();
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('after the answer has begun cuts the connection, and counts as 500', async () => {
    const { base, requestLine } = await service();
    await expect(fetch(`${base}/status`).then((response) => response.text())).rejects.toThrow();
    expect(await requestLine()).toMatchObject({ http_response_status_code: 500, level: 'ERROR' });
  });
});

describe('health', () => {
  it('shows a failing check in /health, /ready and the metric, without its details', async () => {
    const { kit, base, lines } = await service();
    expect((await fetch(`${base}/ready`)).status).toBe(200);
    kit.health.register('database', () => Promise.reject(new Error('password=hunter2')));
    const ready = await fetch(`${base}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'not ready',
      checks: { process: { status: 'pass' }, database: { status: 'fail', reason: 'error' } },
    });
    const health = await fetch(`${base}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      service: 'backend-api',
      version: '4.5.6',
    });
    expect(await (await fetch(`${base}/metrics`)).text()).toContain(
      'health_check_status{check="database"} 0\n',
    );
    expect(lines.filter(({ message }) => message === 'Health check fails')).toHaveLength(1);
    expect(() => kit.health.register('database', () => {})).toThrow(/^SL1447/);
  });

  it('does not wait for a check that hangs', async () => {
    const { kit, base } = await service();
    kit.health.register('event_bus', () => new Promise(() => {}));
    const answer = await fetch(`${base}/ready`);
    expect(await answer.json()).toMatchObject({
      checks: { event_bus: { status: 'fail', reason: 'SL1448' } },
    });
  });
});

it('an outgoing request carries the id and the trace on, and has a timeout', async () => {
  const { kit, base } = await service();
  const seen = await kit.trace.run({ requestId: 'chain-1' }, 'x', 'consumer', async () => {
    const response = await kit.fetch(`${base}/tasks`, { method: 'POST', body: '{}', headers: json });
    return {
      remote: (await response.json()) as { requestId: string; traceId: string },
      own: kit.trace.current(),
    };
  });
  expect(seen.remote).toMatchObject({ requestId: 'chain-1', traceId: seen.own?.traceId });
  const given = AbortSignal.timeout(20);
  await expect(kit.fetch(`${base}/reminders`, { signal: given })).rejects.toThrow(/timeout/i);
});
