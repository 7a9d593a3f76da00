import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createInstrumentation } from '../../telemetry/instrument/instrumentation.ts';
import { openDatabase } from '../kit/database.ts';
import { Faults } from '../kit/faults/injector.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { migrations, type Tables } from './schema.ts';
import { type Change, UpdateLog } from './update-log.ts';
import { UpdatesHub } from './updates-hub.ts';

const patience = { timeout: 10_000, interval: 5 };

async function startHub() {
  const lines: { message: string; reason?: string }[] = [];
  const instrumentation = createInstrumentation({
    service: 'backend-api',
    env: {},
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const faults = new Faults({
    service: 'backend-api',
    directory: undefined,
    log: instrumentation.logger('faults'),
  });
  const path = join(temporaryDirectory(), 'updates.sqlite');
  const database = openDatabase<Tables>({ path, migrations, faults, measure: () => {} });
  const hub = new UpdatesHub({ log: new UpdateLog(database), faults, instrumentation });
  const server = createServer();
  const upgrader = new WebSocketServer({ server });
  upgrader.on('connection', (socket) => void hub.welcome('demo-01', socket, undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await hub.stop();
    server.closeAllConnections();
    server.close();
    await database.destroy();
  });
  return { hub, lines, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function bigChange(index: number): Change {
  return {
    owner: 'demo-01',
    task_id: crypto.randomUUID(),
    version: index + 1,
    change: 'updated',
    fields: { notes: 'x'.repeat(10_000) },
    changed_at: new Date().toISOString(),
  };
}

test('a client that does not read is cut, before it fills the memory; others are served on', async () => {
  const { hub, lines, url } = await startHub();
  const stuck = new WebSocket(url);
  const reading = new WebSocket(url);
  onTestFinished(() => [stuck, reading].forEach((socket) => void socket.terminate()));
  let received = 0;
  reading.on('message', () => {
    received += 1;
  });
  await vi.waitFor(() => expect(hub.connectionsOf('demo-01')).toBe(2), patience);
  await vi.waitFor(() => expect(stuck.readyState).toBe(WebSocket.OPEN), patience);
  stuck.pause();
  let pushed = 0;
  // The kernel's buffers take some megabytes before the service's own begin to fill.
  while (hub.connectionsOf('demo-01') === 2 && pushed < 4000) {
    await hub.push(`event-${pushed}`, bigChange(pushed));
    pushed += 1;
    // The disk answers synchronously; without this nothing would ever be read.
    await nextTurn();
  }
  const goodbye = lines.filter(({ message }) => message === 'WebSocket disconnected');
  expect(goodbye.map(({ reason }) => reason)).toEqual(['slow_client']);
  await vi.waitFor(() => expect(received).toBe(pushed + 1), patience);
});
