/** A trivial service, bare or instrumented by argv. Tells its port and CPU time over IPC; its lines go to stdout. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createInstrumentation } from '../instrumentation.ts';

const app = express();
const instrumentation =
  process.argv[2] === 'instrumented' ? createInstrumentation({ service: 'backend-api' }) : undefined;
app.get('/tasks/:id', (req, res) => {
  res.json({ id: req.params.id, title: 'Water the plants', done: false });
});
if (instrumentation !== undefined) app.use(instrumentation.notFound(), instrumentation.errorHandler());

const server = createServer(instrumentation?.listener(app) ?? app).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
