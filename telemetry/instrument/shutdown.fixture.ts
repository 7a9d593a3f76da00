/** A service for test/binaries/service-shutdown.test.ts: slow to answer, with hooks that leave traces, or crashing on demand. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createInstrumentation } from './instrumentation.ts';

const instrumentation = createInstrumentation({ service: 'backend-api' });
const log = instrumentation.logger('fixture');
const app = express();
app.get('/tasks', (_req, res) => {
  process.send?.({ arrived: true });
  setTimeout(() => res.json({ answered: true }), 400);
});
app.get('/login', () => {
  setTimeout(() => {
    throw new Error('nobody caught this');
  });
});
app.get('/status', () => {});
const server = createServer(instrumentation.listener(app)).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
instrumentation.shutdown(server, [() => log.info('First hook'), () => log.info('Second hook')], {
  onStop: [() => log.info('Stop hook')],
  timeoutMs: 1500,
});
