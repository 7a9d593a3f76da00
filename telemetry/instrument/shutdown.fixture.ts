/** A service for shutdown.test.ts: slow to answer, with hooks that leave traces, or crashing on demand. */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createInstrumentation } from './instrumentation.ts';

const instrumentation = createInstrumentation({ service: 'sync' });
const log = instrumentation.logger('fixture');
const app = express().use(instrumentation.middleware(), instrumentation.operational());
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
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
instrumentation.shutdown(server, [() => log.info('First hook'), () => log.info('Second hook')], {
  onStop: [() => log.info('Stop hook')],
  timeoutMs: 1500,
});
