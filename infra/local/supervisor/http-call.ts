import { request } from 'node:http';

export interface HttpCall {
  readonly method?: 'GET' | 'POST';
  /** With `socketPath`, only the path of it counts. */
  readonly url: string;
  readonly socketPath?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const maxAnswerBytes = 1024 * 1024;

/**
 * One HTTP exchange, over TCP or a unix socket, bounded in time and size. node:http because loading undici costs
 * more than a warm start can spare. Rejects with what the system says (ECONNREFUSED, …).
 */
export function httpCall(call: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(call.url, {
      method: call.method ?? 'GET',
      agent: false,
      headers: {
        ...call.headers,
        ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
      ...(call.socketPath === undefined ? {} : { socketPath: call.socketPath }),
    });
    const timer = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${call.timeoutMs / 1000} s`));
    }, call.timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    outgoing.once('error', fail);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxAnswerBytes)
          outgoing.destroy(new Error(`the answer is larger than ${maxAnswerBytes} bytes`));
        else chunks.push(chunk);
      });
      incoming.once('error', fail);
      incoming.once('end', () => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.end(call.body);
  });
}
