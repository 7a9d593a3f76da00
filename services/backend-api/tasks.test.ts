import { expect, test, vi } from 'vitest';
import type { Task } from '../kit/bus/event-data.ts';
import { clearFaults, writeFault } from '../kit/faults/file.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { call, logIn, startTestService } from '../kit/testing/test-service.ts';
import { buildBackendApi } from './backend-api.ts';
import type { TaskPage } from './task-store.ts';

interface ProblemDetails {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: { readonly field: string; readonly detail: string }[];
}

const patience = { timeout: 10_000, interval: 20 };

async function start() {
  const directory = temporaryDirectory();
  const service = await startTestService('backend-api', buildBackendApi, directory);
  const token = await logIn(service.url);
  return { ...service, directory, token, faults: `${directory}/faults` };
}

test('a task lives from creation to deletion', async () => {
  const { url, token } = await start();
  const given = {
    title: '  Pay the rent ',
    due_at: '2030-01-31T10:00:00+01:00',
    remind_at: '2030-01-31T08:00:00Z',
    recurrence: 'monthly',
  };
  const created = await call<Task>('POST', `${url}/tasks`, { token, body: given });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    title: 'Pay the rent',
    notes: '',
    owner: 'demo-01',
    due_at: '2030-01-31T09:00:00.000Z',
    done: false,
    version: 1,
  });
  const one = `${url}/tasks/${created.body.id}`;
  expect(created.headers.get('location')).toBe(`/tasks/${created.body.id}`);
  expect((await call<Task>('GET', one, { token })).body).toEqual(created.body);
  const patched = await call<Task>('PATCH', one, { token, body: { notes: 'by transfer', due_at: null } });
  expect(patched.body).toMatchObject({
    notes: 'by transfer',
    due_at: null,
    version: 2,
    title: 'Pay the rent',
  });
  const completed = await call<Task>('POST', `${one}/complete`, { token });
  expect(completed.body).toMatchObject({ done: true, version: 3 });
  expect((await call<Task>('POST', `${one}/complete`, { token })).body.version).toBe(3);
  expect((await call('DELETE', one, { token })).status).toBe(204);
  expect((await call('GET', one, { token })).status).toBe(404);
  expect((await call('DELETE', one, { token })).status).toBe(404);
  const metrics = await scrape(url);
  const counted = (operation: string) =>
    sample(metrics, 'task_operations_total', { operation, outcome: 'success' });
  expect(['create', 'read', 'update', 'complete', 'delete'].map(counted)).toEqual([1, 1, 1, 2, 1]);
  const route = { http_request_method: 'PATCH', http_route: '/tasks/:id', http_response_status_code: '200' };
  expect(sample(metrics, 'http_server_request_duration_seconds_count', route)).toBe(1);
});

test('a list comes in pages, newest first, of the user alone', async () => {
  const { url, token } = await start();
  for (const title of ['one', 'two', 'three']) await call('POST', `${url}/tasks`, { token, body: { title } });
  const other = await logIn(url, 'demo-02');
  const secret = await call<Task>('POST', `${url}/tasks`, { token: other, body: { title: 'theirs' } });
  const first = await call<TaskPage>('GET', `${url}/tasks?limit=2`, { token });
  expect(first.body.tasks.map(({ title }) => title)).toEqual(['three', 'two']);
  const second = await call<TaskPage>('GET', `${url}/tasks?limit=2&cursor=${first.body.next_cursor}`, {
    token,
  });
  expect(second.body.tasks.map(({ title }) => title)).toEqual(['one']);
  expect(second.body.next_cursor).toBeNull();
  expect((await call<TaskPage>('GET', `${url}/tasks?done=true`, { token })).body.tasks).toEqual([]);
  expect((await call('GET', `${url}/tasks/${secret.body.id}`, { token })).status).toBe(404);
  expect(
    (await call('PATCH', `${url}/tasks/${secret.body.id}`, { token, body: { title: 'x' } })).status,
  ).toBe(404);
});

test('what is wrong is named by field, as problem details', async () => {
  const { url, token } = await start();
  const body = { titel: 'x', title: '', due_at: 'tomorrow', recurrence: 'hourly' };
  const answer = await call<ProblemDetails>('POST', `${url}/tasks`, { token, body });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body.errors?.map(({ field }) => field).sort()).toEqual([
    'due_at',
    'recurrence',
    'titel',
    'title',
  ]);
  const emptyPatch = await call<ProblemDetails>('PATCH', `${url}/tasks/${crypto.randomUUID()}`, {
    token,
    body: {},
  });
  expect(emptyPatch.body.errors?.[0]?.detail).toContain('at least one field');
  expect((await call<ProblemDetails>('GET', `${url}/tasks?limit=0`, { token })).body.detail).toBe(
    'Not valid: limit',
  );
  expect((await call('POST', `${url}/tasks`, { token, body: '{' })).status).toBe(400);
  expect((await call('POST', `${url}/tasks`, { token, body: { title: 'x'.repeat(40_000) } })).status).toBe(
    413,
  );
  expect((await call('GET', `${url}/nowhere`, { token })).status).toBe(404);
  const notAllowed = await call('POST', `${url}/tasks`, { token, body: { title: 'x', owner: 'demo-02' } });
  expect(notAllowed.status).toBe(403);
});

test('only who has logged in gets in', async () => {
  const { url, lines } = await start();
  const anonymous = await call('GET', `${url}/tasks`);
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
  expect((await call('GET', `${url}/tasks`, { token: 'a.b.c' })).status).toBe(401);
  for (const username of ['demo-01', 'nobody']) {
    const wrong = await call<ProblemDetails>('POST', `${url}/login`, {
      body: { username, password: 'wrong-one' },
    });
    expect([wrong.status, wrong.body.detail]).toEqual([401, 'Unknown user or wrong password']);
  }
  const metrics = await scrape(url);
  expect(sample(metrics, 'auth_attempts_total', { outcome: 'failure' })).toBe(2);
  expect(sample(metrics, 'auth_attempts_total', { outcome: 'success' })).toBe(1);
  expect(JSON.stringify(lines)).not.toContain('wrong-one');
});

test('while the bus takes nothing, tasks are served and no event is lost', async () => {
  const { url, token, faults } = await start();
  writeFault(faults, { service: 'backend-api', kind: 'event-publish', rate: 1, seconds: 60 });
  const failures = async () =>
    sample(await scrape(url), 'events_published_total', { topic: 'task-events', outcome: 'failure' });
  const successes = async () =>
    sample(await scrape(url), 'events_published_total', { topic: 'task-events', outcome: 'success' });
  let created = 0;
  await vi.waitFor(async () => {
    const answer = await call('POST', `${url}/tasks`, { token, body: { title: 'kept' } });
    expect(answer.status).toBe(201);
    created += 1;
    expect(await failures()).toBeGreaterThan(0);
  }, patience);
  clearFaults(faults, 'backend-api');
  await vi.waitFor(async () => expect(await successes()).toBe(created), patience);
});

test('faults: errors, refused logins, failing statements', async () => {
  const { url, token, faults } = await start();
  const begin = (kind: 'errors' | 'auth-failures' | 'database') =>
    writeFault(faults, { service: 'backend-api', kind, rate: 1, seconds: 60 });
  const statusOf = async () => (await call('GET', `${url}/tasks`, { token })).status;
  begin('errors');
  await vi.waitFor(async () => expect(await statusOf()).toBe(500), patience);
  clearFaults(faults, 'backend-api');
  await vi.waitFor(async () => expect(await statusOf()).toBe(200), patience);
  begin('auth-failures');
  await vi.waitFor(async () => expect(await logIn(url)).toBeUndefined(), patience);
  clearFaults(faults, 'backend-api');
  begin('database');
  await vi.waitFor(async () => expect(await statusOf()).toBe(500), patience);
  const metrics = await scrape(url);
  expect(sample(metrics, 'task_operations_total', { operation: 'list', outcome: 'failure' })).toBeGreaterThan(
    0,
  );
  const failed = { db_operation_name: 'SELECT', outcome: 'failure' };
  expect(sample(metrics, 'db_client_operation_duration_seconds_count', failed)).toBeGreaterThan(0);
  clearFaults(faults, 'backend-api');
  await vi.waitFor(async () => expect(await statusOf()).toBe(200), patience);
});

test('a service may create a task for its owner, once for a key', async () => {
  const { url, directory } = await start();
  const { loadSecret, Tokens } = await import('../kit/tokens.ts');
  const token = await new Tokens(loadSecret(undefined, `${directory}/auth.secret`)).forService(
    'recurring-task',
  );
  const body = { title: 'Again', owner: 'demo-02' };
  const headers = { 'idempotency-key': 'event-1' };
  const first = await call<Task>('POST', `${url}/tasks`, { token, body, headers });
  const second = await call<Task>('POST', `${url}/tasks`, { token, body, headers });
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body.id).toBe(first.body.id);
  expect((await call('POST', `${url}/tasks`, { token, body: { title: 'For whom?' } })).status).toBe(400);
  expect((await call('GET', `${url}/tasks`, { token })).status).toBe(403);
});

test('tasks and users survive a restart', async () => {
  const { url, token, directory, stop } = await start();
  await call('POST', `${url}/tasks`, { token, body: { title: 'kept' } });
  await stop();
  const again = await startTestService('backend-api', buildBackendApi, directory);
  const list = await call<TaskPage>('GET', `${again.url}/tasks`, { token });
  expect(list.body.tasks.map(({ title }) => title)).toEqual(['kept']);
});

test('guessing passwords is slowed down', async () => {
  const { url } = await start();
  const attempts = async (count: number, password?: string) => {
    const one = () => call('POST', `${url}/login`, { body: { username: 'demo-01', password } });
    const replies = await Promise.all(Array.from({ length: count }, one));
    return replies.map(({ status }) => status);
  };
  // What is no guess counts too, and costs no key derivation; with the login before, four of sixty are left.
  expect(new Set(await attempts(55))).toEqual(new Set([400]));
  const guesses = await attempts(10, 'a guess');
  expect(guesses.toSorted()).toEqual([401, 401, 401, 401, 429, 429, 429, 429, 429, 429]);
});
