import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenLocally } from './local-server.ts';

export interface RecordedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpRecorder {
  readonly url: string;
  /** Calls to a path so far, in order. */
  callsTo(path: string): readonly RecordedCall[];
  close(): Promise<void>;
}

/**
 * A server that takes whatever is posted, and remembers it.
 * @param statusOf the status of the answer to the nth call, from 1
 */
export async function startHttpRecorder(statusOf = (_nth: number): number => 200): Promise<HttpRecorder> {
  const calls: RecordedCall[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    calls.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(statusOf(calls.length)).end('ok');
  });
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}`,
    callsTo: (path) => calls.filter((call) => call.path === path),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
