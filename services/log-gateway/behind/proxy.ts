import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { RequestHandler } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

/** What a client is told while the process behind does not answer. */
export interface Absence {
  readonly status: 502 | 503;
  readonly detail: string;
  /** Seconds after which it should try again. */
  readonly retryAfter?: number;
}

const timeoutMs = 30_000;

/** Hands requests on, with their paths, and answers back. */
export function proxyTo(target: string, absence: Absence): RequestHandler {
  const { status, detail, retryAfter } = absence;
  return createProxyMiddleware<IncomingMessage>({
    target,
    changeOrigin: true,
    // Not `timeout`, which leaves a listener on the connection of the client for each request.
    proxyTimeout: timeoutMs,
    on: {
      proxyRes: (answer) => {
        // The gateway's own, which is the same, is there already.
        delete answer.headers['x-request-id'];
      },
      error: (_error, _request, response) => {
        if (!('setHeader' in response) || response.headersSent) {
          response.destroy();
          return;
        }
        response.statusCode = status;
        response.setHeader('Content-Type', 'application/problem+json');
        if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
        response.end(
          JSON.stringify({
            ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
            type: 'about:blank',
            title: STATUS_CODES[status],
            status,
            detail,
            request_id: response.getHeader('X-Request-ID'),
          }),
        );
      },
    },
  });
}
