import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savedQueryById } from '../../dashboards/queries/index.ts';
import { expressionOf } from '../../dashboards/queries/saved-query.ts';
import { demoPassword, demoUserName } from '../../services/kit/demo-users.ts';
import { type FaultKind, faultKindNames } from '../../services/kit/faults/kinds.ts';
import { type OwnStack, startOwnStack } from '../support/own-stack.ts';
import type { LogEntry } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

/** Requests under each fault, every one with an id that its lines carry. */
const times = 3;

interface Case {
  readonly query: string;
  readonly fault: FaultKind;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Whether the answer shows that the fault struck. */
  readonly struck: (answer: { readonly status: number; readonly ms: number }) => boolean;
}

/** Faults of backend-api that requests meet; last the one about requests that leave an event behind. */
const cases: readonly Case[] = [
  {
    query: 'authentication-failures',
    fault: 'auth-failures',
    method: 'POST',
    path: '/login',
    struck: ({ status }) => status === 401,
  },
  {
    query: 'high-latency-requests',
    fault: 'latency',
    method: 'GET',
    path: '/tasks',
    struck: ({ ms }) => ms > 1000,
  },
  {
    query: 'database-errors',
    fault: 'database',
    method: 'GET',
    path: '/tasks',
    struck: ({ status }) => status >= 500,
  },
  {
    query: 'task-creation-failures',
    fault: 'errors',
    method: 'POST',
    path: '/tasks',
    struck: ({ status }) => status === 500,
  },
];

/** They have tests of their own below, or change what only metrics tell: no saved query is about memory or crashes. */
const others = [
  'event-publish',
  'websocket-drop',
  'poison-event',
  'slow-consumer',
  'memory',
  'crash',
] as const;

describe('saved queries under each fault, on a stack of their own without other traffic', () => {
  let own: OwnStack;
  let token = '';

  const newId = (): string => `saved-${randomBytes(8).toString('hex')}`;
  /** Ids of requests that lines are about; a health check that meets the fault as well says so, rightly. */
  const ids = (lines: readonly LogEntry[]): readonly string[] => {
    const ofRequests = lines.filter(({ metadata }) => metadata.logger !== 'telemetry.health');
    return [...new Set(ofRequests.map(({ metadata }) => metadata.request_id ?? 'none'))].sort();
  };
  const linesOf = (query: string, from: number, values = {}): Promise<readonly LogEntry[]> =>
    own.client.loki(expressionOf(savedQueryById(query), values), from);
  const fault = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await own.client.cli(['fault', ...args]);
    expect(code, stderr).toBe(0);
  };
  const credentials = { username: demoUserName(1), password: demoPassword };
  const send = (method: string, path: string, id: string): Promise<Response> =>
    fetch(own.client.url('backend-api', path), {
      method,
      headers: {
        'content-type': 'application/json',
        'x-request-id': id,
        authorization: `Bearer ${token}`,
      },
      ...(method === 'POST' && {
        body: JSON.stringify(path === '/login' ? credentials : { title: 'water the plants' }),
      }),
      signal: AbortSignal.timeout(20_000),
    });
  const ask = async ({ method, path, struck }: Case) => {
    const id = newId();
    const started = performance.now();
    const answer = await send(method, path, id);
    await answer.arrayBuffer();
    return { id, struck: struck({ status: answer.status, ms: performance.now() - started }) };
  };
  /** Every line that is there is found: the request's own are, and came after all that it is about. */
  const arrived = (id: string, from: number) =>
    waitFor(`the lines of ${id}`, async () => {
      const found = await linesOf('request-across-services', from, { request_id: id });
      return found.length > 0 ? found : undefined;
    });
  const published = (id: string, from: number) =>
    waitFor(`the event of ${id} to be published`, async () => {
      const found = await linesOf('request-across-services', from, { request_id: id });
      return found.some(({ line }) => line.includes('event published')) ? true : undefined;
    });
  /** The services look for faults only now and then, and say when one begins or ends. */
  const announced = (
    service: string,
    what: 'fault injected on demand' | 'injected fault ended',
    kind: FaultKind,
  ) =>
    waitFor(`${service}: ${what}: ${kind}`, async () => {
      const lines = await own.client.loki(
        `{service="${service}"} |= "${what}" | json fault | fault="${kind}"`,
      );
      return lines.length > 0 ? true : undefined;
    });

  beforeAll(async () => {
    own = await startOwnStack(0);
    const answer = await send('POST', '/login', newId());
    token = ((await answer.json()) as { token: string }).token;
  });
  afterAll(() => own?.stop());

  it('know every kind of fault', () => {
    expect([...cases.map((one) => one.fault), ...others].sort()).toEqual([...faultKindNames].sort());
  });

  it.each(cases)(
    '$query finds exactly the requests that $fault strikes, and none afterwards',
    async (one) => {
      const began = Date.now();
      const injected: string[] = [];
      const accepted: string[] = [];
      const again = async (): Promise<boolean> => {
        const { id, struck } = await ask(one);
        (struck ? injected : accepted).push(id);
        return struck;
      };
      await fault('backend-api', one.fault, '--rate', '1', '--for', '10m');
      await waitFor(`${one.fault} to strike`, async () => {
        await again();
        return injected.length >= times ? true : undefined;
      });
      await fault('--clear', 'backend-api');
      await waitFor(`${one.fault} to end`, async () => ((await again()) ? undefined : true));
      const ended = Date.now();
      const calm = await ask(one);
      expect(calm.struck).toBe(false);
      await arrived(calm.id, began);
      // What is still under way would meet the next fault.
      if (one.path === '/tasks' && one.method === 'POST')
        for (const id of [...accepted, calm.id]) await published(id, began);
      await waitFor('the lines', async () =>
        ids(await linesOf(one.query, began)).length >= injected.length ? true : undefined,
      ).catch(() => undefined);
      expect(ids(await linesOf(one.query, began))).toEqual(injected.sort());
      expect(await linesOf(one.query, ended)).toEqual([]);
    },
  );

  it('event-publishing-errors and websocket-disconnections find what is not published and who is cut', async () => {
    const began = Date.now();
    await fault('backend-api', 'event-publish', '--rate', '1', '--for', '10m');
    await fault('backend-api', 'websocket-drop', '--rate', '1', '--for', '10m');
    await announced('backend-api', 'fault injected on demand', 'websocket-drop');
    const created = newId();
    expect((await send('POST', '/tasks', created)).status).toBe(201);
    const cut = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const address = own.client.url('backend-api', '/updates').replace(/^http/, 'ws');
        const socket = new WebSocket(address, ['sightline.v1', `bearer.${token}`]);
        socket.addEventListener('open', () => opened(socket));
        socket.addEventListener('close', () => resolve());
        socket.addEventListener('error', () => reject(new Error('the WebSocket failed')));
        setTimeout(() => reject(new Error('no fault cut the WebSocket within a minute')), 60_000).unref();
      });
    let opened: (socket: WebSocket) => void = () => undefined;
    await cut().catch(() => undefined);
    const found = async (query: string, from: number) =>
      (await linesOf(query, from)).map(({ metadata }) => [metadata.request_id, metadata.user_id]);
    await waitFor('both lines', async () => {
      const counts = [
        await found('event-publishing-errors', began),
        await found('websocket-disconnections', began),
      ];
      return counts.every(({ length }) => length > 0) ? true : undefined;
    });
    await fault('--clear', 'backend-api');
    await announced('backend-api', 'injected fault ended', 'websocket-drop');
    const ended = Date.now();
    expect(ids(await linesOf('event-publishing-errors', began))).toEqual([created]);
    expect(
      (await linesOf('websocket-disconnections', began)).map(({ metadata }) => metadata.user_id),
    ).toEqual([credentials.username]);

    const calm = newId();
    expect((await send('POST', '/tasks', calm)).status).toBe(201);
    opened = (socket) => socket.close();
    await cut();
    await waitFor('every service to have heard of it', async () => {
      const lines = await linesOf('request-across-services', ended, { request_id: calm });
      return new Set(lines.map(({ labels }) => labels.service)).size >= 4 ? true : undefined;
    });
    expect(await linesOf('event-publishing-errors', ended)).toEqual([]);
    expect(await linesOf('websocket-disconnections', ended)).toEqual([]);
  });

  it('dead-letters and slow-consumers find who gives up on an event, and who lags behind', async () => {
    const began = Date.now();
    const lagging = () => own.client.prometheus(expressionOf(savedQueryById('slow-consumers')));
    await fault('audit', 'slow-consumer', '--rate', '1', '--for', '10m');
    await announced('audit', 'fault injected on demand', 'slow-consumer');
    for (let count = 0; count < 20; count += 1) await send('POST', '/tasks', newId());
    const [slow] = await waitFor('audit to lag behind', async () => {
      const found = await lagging();
      return found.some(({ value }) => value > 10) ? found : undefined;
    });
    expect(slow?.metric).toEqual({ service: 'audit', topic: 'task-events' });
    await fault('--clear', 'audit');
    await waitFor('nobody to lag behind', async () => ((await lagging()).length === 0 ? true : undefined));

    await fault('backend-api', 'poison-event', '--rate', '1', '--for', '10m');
    const letters = async (): Promise<readonly { readonly subscriber: string }[]> =>
      JSON.parse((await own.client.cli(['dead-letters', 'list', '--json'])).stdout) as [];
    await waitFor('a dead letter', async () => ((await letters()).length > 0 ? true : undefined));
    await fault('--clear', 'backend-api');
    await announced('backend-api', 'injected fault ended', 'poison-event');
    const bySubscriber = (names: readonly string[]) => names.toSorted();
    const [listed, lines] = await waitFor('a line of each letter', async () => {
      const buried = bySubscriber((await letters()).map(({ subscriber }) => subscriber));
      const found = await linesOf('dead-letters', began);
      return found.length === buried.length ? [buried, found] : undefined;
    });
    expect(bySubscriber(lines.map(({ labels }) => labels.service ?? ''))).toEqual(listed);
    const ended = Date.now();
    const calm = newId();
    expect((await send('POST', '/tasks', calm)).status).toBe(201);
    await arrived(calm, ended);
    expect(await linesOf('dead-letters', ended)).toEqual([]);
  });
});
