import { createServer, type Server } from 'node:http';
import type { Statistics } from './statistics.ts';

/** `GET /health` and `GET /stats`. */
export function statisticsServer(statistics: Statistics): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    request.resume();
    if (request.method !== 'GET') answer(405, { error: 'only GET is served' });
    else if (request.url === '/health') answer(200, { status: 'ok' });
    else if (request.url === '/stats') answer(200, statistics.snapshot());
    else answer(404, { error: 'there are /health and /stats' });
  });
}
