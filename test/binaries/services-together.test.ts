import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Task } from '../../services/kit/bus/event-data.ts';
import { writeFault } from '../../services/kit/faults/file.ts';
import { startProcess } from '../../services/kit/testing/service-process.ts';
import { temporaryDirectory } from '../../services/kit/testing/temporary-directory.ts';
import { call, logIn } from '../../services/kit/testing/test-service.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';

const patience = { timeout: 20_000, interval: 25 };

interface Message {
  readonly type: string;
  readonly task_id?: string;
  readonly change?: string;
}

function listen(url: string, token: string): Message[] {
  const messages: Message[] = [];
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/updates`, { headers });
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  onTestFinished(() => socket.terminate());
  return messages;
}

async function startAll() {
  const directory = temporaryDirectory();
  const api = await startProcess('backend-api', directory);
  const env = { BACKEND_API_URL: api.url };
  const [recurring, notification, sync, audit] = await Promise.all([
    startProcess('recurring-task', directory, env),
    startProcess('notification', directory, env),
    startProcess('sync', directory, env),
    startProcess('audit', directory, env),
  ]);
  return {
    directory,
    api,
    recurring,
    notification,
    sync,
    audit,
    all: [api, recurring, notification, sync, audit],
  };
}

test('one request goes through all five processes, and they survive a kill of one', {
  timeout: 60_000,
}, async () => {
  const { directory, api, sync, audit, all } = await startAll();
  const token = await logIn(api.url);
  const messages = listen(api.url, token);
  await vi.waitFor(() => expect(messages[0]?.type).toBe('hello'), patience);

  const headers = {
    'x-request-id': 'known-request',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  const remindAt = new Date(Date.now() + 300).toISOString();
  const body = { title: 'Everywhere', recurrence: 'daily', remind_at: remindAt };
  const { body: task } = await call<Task>('POST', `${api.url}/tasks`, { token, headers, body });
  const entries = async () => {
    const answer = await call<{ entries: { type: string }[] }>('GET', `${audit.url}/entries`);
    return answer.body.entries.map(({ type }) => type);
  };
  await vi.waitFor(async () => expect(await entries()).toContain('sightline.reminder.sent'), patience);
  await call('POST', `${api.url}/tasks/${task.id}/complete`, { token, headers });
  await vi.waitFor(() => {
    const changes = messages.map(({ change, task_id }) => `${change} ${task_id === task.id ? 'it' : 'next'}`);
    expect(changes.slice(1)).toEqual(['created it', 'completed it', 'created next']);
  }, patience);
  for (const service of all) {
    const ofRequest = service.lines.filter(({ request_id }) => request_id === 'known-request');
    expect(ofRequest.length, service.name).toBeGreaterThan(0);
    expect(new Set(ofRequest.map(({ trace_id }) => trace_id)), service.name).toEqual(
      new Set(['4bf92f3577b34da6a3ce929d0e0e4736']),
    );
  }

  expect(await sync.kill('SIGKILL')).toBe('SIGKILL');
  await call('POST', `${api.url}/tasks`, { token, body: { title: 'While sync is away' } });
  const before = messages.length;
  const revived = await startProcess('sync', directory);
  await vi.waitFor(() => expect(messages.length).toBe(before + 1), patience);

  writeFault(`${directory}/faults`, { service: 'audit', kind: 'crash', rate: 1, seconds: 60 });
  expect(await audit.ended).toBe(1);

  const others = all.filter(({ name }) => name !== 'sync' && name !== 'audit');
  const codes = await Promise.all([...others, revived].map((service) => service.kill('SIGTERM')));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(all.map(({ name }) => name)).toEqual(serviceNames);
});
